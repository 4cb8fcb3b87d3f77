using System.Buffers;

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
