using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>Writes a JSON document in pieces: what was written is taken before more is.</summary>
internal sealed class JsonChunks : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    public JsonChunks() => Writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public Utf8JsonWriter Writer { get; }

    /// <summary>Whether enough has gathered to be taken.</summary>
    public bool IsLarge => Writer.BytesPending + _buffer.WrittenCount >= 16 * 1024;

    /// <summary>What was written since the last call; valid until more is written.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        Writer.Flush();
        var written = _buffer.WrittenMemory;
        _buffer.ResetWrittenCount();
        return written;
    }

    public void Dispose() => Writer.Dispose();
}
