using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace IdleConnections;

/// <summary>Collects the garbage of another .NET process.</summary>
internal static class HeapMeter
{
    /// <summary>Managed bytes that are left after a full collection.</summary>
    public static long Collect(int process)
    {
        var client = new DiagnosticsClient(process);
        // This keyword makes the runtime collect when the session begins.
        var provider = new EventPipeProvider(
            "Microsoft-Windows-DotNETRuntime", EventLevel.Informational, (long)(ClrTraceEventParser.Keywords.GC | ClrTraceEventParser.Keywords.GCHeapCollect));
        using var session = client.StartEventPipeSession([provider], requestRundown: false);
        using var source = new EventPipeEventSource(session.EventStream);
        var bytes = 0L;
        source.Clr.GCHeapStats += heap =>
        {
            bytes = heap.TotalHeapSize;
            _ = Task.Run(session.Stop);
        };
        source.Process();
        return bytes;
    }
}
