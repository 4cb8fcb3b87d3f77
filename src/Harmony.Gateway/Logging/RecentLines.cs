using System.Text;

namespace Harmony.Gateway.Logging;

/// <summary>
/// The last lines of the log, for operators of a gateway that writes no file. Memory is bounded. Entries of <c>log_dump</c>, which may hold patient data, are
/// not kept.
/// </summary>
internal sealed class RecentLines
{
    /// <summary>Lines that are kept.</summary>
    public const int Kept = 1000;

    /// <summary>Bytes that are kept of a line, its exception included.</summary>
    public const int LongestLine = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private long _count;

    /// <summary>Keeps an entry as it is written.</summary>
    public void Add(string category, LogLine line)
    {
        if (DumpTarget.Is(category)) return;
        var bytes = line.Bytes;
        var text = Encoding.UTF8.GetString(bytes.Length > LongestLine ? bytes[..LongestLine] : bytes).TrimEnd('\n');
        lock (_lock)
        {
            if (_lines.Count == Kept) _lines.Dequeue();
            _lines.Enqueue(text);
            _count++;
        }
    }

    /// <summary>The entries behind one, and the number to ask for the next by.</summary>
    /// <param name="after">Number of the last entry that the reader has; 0 for what is kept. A number from before a restart counts as 0.</param>
    public (IReadOnlyList<string> Entries, long Last) After(long after)
    {
        lock (_lock)
        {
            var first = _count - _lines.Count;
            var known = after > _count || after < first ? 0 : after - first;
            return ([.. _lines.Skip((int)known)], _count);
        }
    }
}
