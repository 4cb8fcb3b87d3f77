using System.Buffers;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>Where bytes come from, with those that have come and were not used yet.</summary>
internal abstract class ByteSource : IDisposable
{
    /// <summary>Bytes that have come.</summary>
    public abstract ReadOnlyMemory<byte> Buffered { get; }

    /// <summary>Whether <see cref="Buffered"/> keeps what it shows for ever.</summary>
    public abstract bool IsStable { get; }

    /// <summary>Where in the source <see cref="Buffered"/> begins.</summary>
    public long Position { get; protected set; }

    /// <summary>The first of the buffered bytes are used up.</summary>
    public abstract void Consume(int count);

    /// <summary>Waits for more.</summary>
    /// <returns>False at the end.</returns>
    public abstract ValueTask<bool> FillAsync(CancellationToken ct);

    /// <summary>Leaves bytes out that have not come yet, if that costs less than reading them.</summary>
    /// <returns>How many were left out; 0 if the source cannot, or ends here.</returns>
    public virtual long Skip(long count) => 0;

    /// <summary>Waits until so many bytes have come.</summary>
    /// <returns>False if the source ends before.</returns>
    public async ValueTask<bool> FillToAsync(int count, CancellationToken ct)
    {
        while (Buffered.Length < count)
        {
            if (!await FillAsync(ct)) return false;
        }

        return true;
    }

    /// <summary>Lets a parser read its data set from here.</summary>
    public async ValueTask<DicomReadResult> ParseAsync(DataSetParser parser, CancellationToken ct)
    {
        try
        {
            var isFinal = false;
            while (true)
            {
                if (Parse(parser, isFinal)) return parser.Result;
                if (parser.ToSkip > 0) parser.Skipped(Skip(parser.ToSkip));
                isFinal = !await FillAsync(ct);
            }
        }
        catch (DicomFormatException e) when (parser.KeepsWhatWasRead)
        {
            return parser.ResultBefore(e);
        }
    }

    /// <summary>The rest of the bytes as a stream.</summary>
    public Stream AsStream() => new ByteSourceStream(this);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    private bool Parse(DataSetParser parser, bool isFinal)
    {
        var input = new ReadOnlySequence<byte>(Buffered);
        var ended = parser.Parse(ref input, isFinal);
        Consume((int)(Buffered.Length - input.Length));
        return ended;
    }
}

/// <summary>Bytes that are in memory, all of them.</summary>
internal sealed class MemoryByteSource(ReadOnlyMemory<byte> bytes) : ByteSource
{
    private ReadOnlyMemory<byte> _left = bytes;

    public override ReadOnlyMemory<byte> Buffered => _left;

    public override bool IsStable => true;

    public override void Consume(int count)
    {
        _left = _left[count..];
        Position += count;
    }

    public override ValueTask<bool> FillAsync(CancellationToken ct) => new(false);
}

/// <summary>What is left of a source, or the next bytes of it.</summary>
/// <param name="source">The source.</param>
/// <param name="length">How many bytes; there may be fewer.</param>
/// <param name="ownsSource">Whether the source ends with this.</param>
internal sealed class ByteSourceStream(ByteSource source, long length = long.MaxValue, bool ownsSource = false) : ForwardStream
{
    private long _left = length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _left == 0 || (source.Buffered.IsEmpty && !await source.FillAsync(cancellationToken))) return 0;
        var count = (int)Math.Min(Math.Min(buffer.Length, source.Buffered.Length), _left);
        source.Buffered[..count].CopyTo(buffer);
        source.Consume(count);
        _left -= count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsSource) source.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>The next bytes of a source, to be read once.</summary>
internal sealed class ByteSourceBulkData(ByteSource source, long length, bool isBigEndian) : BulkData
{
    public override long? Length => length;

    public override bool IsBigEndian => isBigEndian;

    public override ValueTask<Stream> OpenAsync(CancellationToken ct) => new(new ByteSourceStream(source, length));
}
