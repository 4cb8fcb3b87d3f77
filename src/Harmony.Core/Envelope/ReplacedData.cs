using System.Text.Json.Nodes;

namespace Harmony.Core.Envelope;

/// <summary>
/// Data that a step put over the bytes of a <see cref="Body"/>. They wait for their form on the wire until the chain has run, and are then written as JSON
/// when somebody needs the bytes, or are given another form.
/// </summary>
internal sealed class ReplacedData(JsonNode? data)
{
    private ReadOnlyMemory<byte>? _written;

    /// <summary>Whether they still wait for their form on the wire.</summary>
    public bool IsUnsettled { get; private set; } = true;

    /// <summary>Bytes of their form; null before they are written.</summary>
    public long? Length => _written?.Length;

    /// <summary>The bytes: JSON, unless they were given another form.</summary>
    public ReadOnlyMemory<byte> Bytes => _written ??= JsonText.Write(data);

    /// <summary>Ends the wait.</summary>
    /// <param name="bytes">The form; null for JSON, which is written when somebody needs it.</param>
    public void Settle(byte[]? bytes)
    {
        IsUnsettled = false;
        if (bytes is not null) _written = bytes;
    }
}
