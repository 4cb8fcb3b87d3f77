using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harmony.Core.Content;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>
/// A body that is produced while it is read, at the speed of the reader. Disposing the stream early ends the production.
/// </summary>
/// <param name="chunks">Makes it, piece by piece.</param>
/// <param name="stop">Ends the making early; disposed with the stream.</param>
/// <param name="source">Source of the bytes, disposed with the stream even if reading has not begun; null if there is nothing to dispose.</param>
internal sealed class ChunkStream(IAsyncEnumerator<ReadOnlyMemory<byte>> chunks, CancellationTokenSource stop, IAsyncDisposable? source) : AsyncReadStream
{
    private ReadOnlyMemory<byte> _rest;
    private bool _hasEnded;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty && !_hasEnded)
        {
            await using var registration = cancellationToken.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), stop);
            while (_rest.IsEmpty && !_hasEnded)
            {
                _hasEnded = !await chunks.MoveNextAsync();
                _rest = _hasEnded ? default : chunks.Current;
            }
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        await chunks.DisposeAsync();
        if (source is not null) await source.DisposeAsync();
        stop.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>Writes a JSON document in pieces: what was written is taken before more is.</summary>
internal sealed class JsonChunks : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    public JsonChunks() => Writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public Utf8JsonWriter Writer { get; }

    /// <summary>Whether enough has gathered to be taken.</summary>
    public bool IsLarge => Writer.BytesPending + _buffer.WrittenCount >= 16 * 1024;

    /// <summary>The bytes written since the last call; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        Writer.Flush();
        var written = _buffer.WrittenMemory;
        _buffer.ResetWrittenCount();
        return written;
    }

    public void Dispose() => Writer.Dispose();
}
