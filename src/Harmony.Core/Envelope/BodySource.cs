using System.Buffers;
using System.Runtime.InteropServices;
using Harmony.Core.Content.Spooling;

namespace Harmony.Core.Envelope;

/// <summary>
/// Where the bytes of a <see cref="Body"/> are: on the wire (<see cref="WireSource"/>, <see cref="ViewSource"/>, <see cref="LookedAheadSource"/>), and can be
/// had once; or kept (<see cref="MemorySource"/>, <see cref="FileSource"/>, <see cref="SharedSource"/>), and can be had again and again. There are no others.
/// Each releases what it holds when it is disposed.
/// </summary>
internal abstract class BodySource : IDisposable
{
    private protected BodySource()
    {
    }

    /// <summary>Length in bytes: declared, or counted; null where it is not known.</summary>
    public abstract long? Length { get; }

    /// <summary>Whether the bytes can be opened more than once.</summary>
    public virtual bool IsKept => false;

    /// <summary>Whether the bytes are in memory.</summary>
    public virtual bool IsInMemory => false;

    /// <summary>A stream over the bytes.</summary>
    /// <exception cref="InvalidOperationException">The wire's stream was taken before.</exception>
    public abstract Stream Open();

    /// <summary>The bytes of a source that is kept as a whole, valid until it is disposed.</summary>
    public virtual ReadOnlyMemory<byte> Bytes => throw new InvalidOperationException("the body is not in memory");

    /// <summary>The same bytes for another reader, who disposes nothing.</summary>
    public virtual BodySource Borrow() => throw new InvalidOperationException("a body that can be read once has no forks");

    public abstract void Dispose();
}

/// <summary>The stream from the wire, read once.</summary>
internal class WireSource(Stream stream, long? length) : BodySource
{
    private bool _isTaken;

    public override long? Length => length;

    public override Stream Open()
    {
        if (_isTaken) throw new InvalidOperationException("the body has been streamed already and was not kept");
        _isTaken = true;
        return stream;
    }

    public override void Dispose()
    {
    }
}

/// <summary>A stream from the wire that is never read whole to be understood: the view shows it as data.</summary>
internal sealed class ViewSource(Stream stream, long? length, IBodyView view) : WireSource(stream, length)
{
    public IBodyView View => view;
}

/// <summary>A stream from the wire whose beginning has been read.</summary>
internal sealed class LookedAheadSource(LookAhead stream, long? length) : WireSource(stream, length)
{
    private readonly LookAhead _stream = stream;

    /// <summary>Reads on, up to a limit; see <see cref="LookAhead.FillAsync"/>.</summary>
    /// <returns>What holds all of the body; null where that is not to be had.</returns>
    public async ValueTask<BodySource?> TryKeepAsync(long limit, CancellationToken ct)
    {
        if (!await _stream.FillAsync(limit, ct)) return null;
        try
        {
            return await _stream.Beginning.CompleteAsync(ct);
        }
        catch (Faults.GatewayException)
        {
            return null; // the disk takes no more: the bytes stay where they are, and stream
        }
    }

    public override void Dispose()
    {
        _stream.Release();
        base.Dispose();
    }
}

/// <summary>Bytes in memory, with the room that they take of the budget.</summary>
internal sealed class MemorySource(ReadOnlyMemory<byte> bytes, HeldMemory? held = null) : BodySource
{
    public static MemorySource Empty { get; } = new(default);

    public override long? Length => bytes.Length;

    public override bool IsKept => true;

    public override bool IsInMemory => true;

    public override ReadOnlyMemory<byte> Bytes => bytes;

    public override Stream Open() => StreamOver(bytes);

    public override BodySource Borrow() => new MemorySource(bytes);

    public override void Dispose() => held?.Dispose();

    public static MemoryStream StreamOver(ReadOnlyMemory<byte> bytes)
        => MemoryMarshal.TryGetArray(bytes, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
}

/// <summary>Bytes in a temporary file. Who wants them as memory gets the mapped file.</summary>
internal sealed class FileSource(SpooledFile file, bool isBorrowed = false) : BodySource
{
    private IMemoryOwner<byte>? _view;

    public override long? Length => file.Length;

    public override bool IsKept => true;

    public override ReadOnlyMemory<byte> Bytes => (_view ??= file.Map()).Memory;

    public override Stream Open() => file.OpenRead();

    public override BodySource Borrow() => new FileSource(file, isBorrowed: true);

    public override void Dispose()
    {
        _view?.Dispose();
        if (!isBorrowed) file.Dispose();
    }
}

/// <summary>Bytes that several read while they still come.</summary>
internal sealed class SharedSource(SharedSpool spool, long? length, bool isBorrowed = false) : BodySource
{
    public override long? Length => length;

    public override bool IsKept => true;

    public override Stream Open() => spool.OpenRead();

    public override BodySource Borrow() => new SharedSource(spool, length, isBorrowed: true);

    public override void Dispose()
    {
        if (!isBorrowed) spool.Dispose();
    }
}
