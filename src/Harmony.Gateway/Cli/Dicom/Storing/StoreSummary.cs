using System.CommandLine;

namespace Harmony.Gateway.Cli.Dicom.Storing;

/// <summary>What became of the files. Safe for concurrent use.</summary>
internal sealed class StoreSummary
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, string> _failures = new(StringComparer.Ordinal);
    private int _stored;
    private int _passedOver;

    /// <summary>Whether a file was not stored that should have been.</summary>
    public bool HasFailures
    {
        get
        {
            lock (_lock) return _failures.Count > 0;
        }
    }

    public void Stored() => Interlocked.Increment(ref _stored);

    public void PassedOver() => Interlocked.Increment(ref _passedOver);

    public void Failed(string file, string reason)
    {
        lock (_lock) _failures[file] = reason;
    }

    /// <summary>Prints the numbers, and every failure.</summary>
    public void Print(string peer, bool json, InvocationConfiguration console)
    {
        if (json)
        {
            console.Output.WriteLine(JsonOutput.Write(new
            {
                Peer = peer, Stored = _stored, Failed = _failures.Count, PassedOver = _passedOver,
                Failures = _failures.Select(f => new { File = f.Key, Error = f.Value }),
            }));
            return;
        }

        console.Output.WriteLine($"{_stored} stored at {peer}, {_failures.Count} "
            + $"failed{(_passedOver == 0 ? "" : $", {_passedOver} skipped because they are not DICOM objects")}");
        foreach (var (file, reason) in _failures) console.Error.WriteLine($"{file}: {reason}");
    }
}
