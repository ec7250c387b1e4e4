throw new Error('this file throws');
