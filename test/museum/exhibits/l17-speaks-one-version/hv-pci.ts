import {
  LinuxVirtualFunction,
  type LinuxVirtualFunctionOptions,
} from '#guest/linux/linux-virtual-function.ts';

/** pci-hyperv before and after it could negotiate: it asks for one version, or for each in turn. */
export function hvPci(options: LinuxVirtualFunctionOptions, asksFor: 'itsNewest' | 'each') {
  const versions = asksFor === 'each' ? options.versions : options.versions.slice(0, 1);
  return new LinuxVirtualFunction({ ...options, versions });
}
