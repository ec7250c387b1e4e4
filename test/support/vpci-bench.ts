import { IRP_MJ_INTERNAL_DEVICE_CONTROL, Irp, type IrpParameters } from '#guest/io/irp.ts';
import { VpciDriver } from '#guest/vpci/vpci-driver.ts';
import type { NtStatus } from '#shared/nt/ntstatus.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';
import { Channel } from '#shared/vmbus/channel.ts';
import { ChannelTracer } from '#shared/vmbus/channel-tracer.ts';
import { PacketHandlers } from '#shared/vmbus/packet-handlers.ts';
import { createControlledPair } from '../kit/world/controlled-transport.ts';
import { RawHost } from './raw-host.ts';

/** How an IRP ended: IoCallDriver's return, and the status block if the IRP is completed. */
export interface IrpEnd {
  readonly irp: Irp;
  readonly returned: NtStatus;
  /** How often its completion routine was called. */
  completions: number;
}

/** The VPCI driver of a VF in D0, over a channel whose other end speaks frames by hand. */
export class VpciBench {
  readonly host: RawHost;
  readonly driver: VpciDriver;
  readonly channel: Channel;
  readonly trace = new Trace(() => 0);
  readonly events: TraceEvent[] = [];

  constructor() {
    const [mine, theirs] = createControlledPair();
    const { trace } = this;
    trace.listen((event) => this.events.push(event));
    this.channel = new Channel({
      transport: mine,
      tracer: new ChannelTracer(trace, 'guest-to-host', { device: 'g1/0' }),
      onClose: () => this.driver.remove(),
    });
    this.driver = new VpciDriver(this.channel, trace, () => ({ device: 'g1/0' }));
    this.channel.open(new PacketHandlers('host-to-guest'), undefined);
    this.host = new RawHost(theirs);
  }

  /** Sends an IRP: an internal device control request, but for what `parameters` say. */
  call(parameters: Partial<IrpParameters> & Pick<IrpParameters, 'ioControlCode'>): IrpEnd {
    const end: { irp?: Irp; returned: NtStatus; completions: number } = {
      returned: 0,
      completions: 0,
    };
    const irp = new Irp({
      majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
      inputBufferLength: parameters.type3InputBuffer?.byteLength ?? 0,
      outputBufferLength: parameters.userBuffer?.byteLength ?? 0,
      type3InputBuffer: undefined,
      userBuffer: undefined,
      completionRoutine: () => end.completions++,
      ...parameters,
    });
    end.returned = this.driver.ioCallDriver(irp);
    return Object.assign(end, { irp });
  }
}
