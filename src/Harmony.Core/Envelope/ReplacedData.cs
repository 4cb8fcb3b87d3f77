using System.Text.Json.Nodes;

namespace Harmony.Core.Envelope;

/// <summary>
/// Data that a step put over the bytes of a <see cref="Body"/>. They wait for their form on the wire until the chain has run, and are then written as JSON
/// when bytes are needed, or are given another form.
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
    /// <param name="bytes">The form; null for JSON, which is written when bytes are needed.</param>
    public void Settle(byte[]? bytes)
    {
        IsUnsettled = false;
        if (bytes is not null) _written = bytes;
    }
}

/// <summary>
/// Shows a body as data without reading the whole of it, such as the header of a DICOM object, and carries changes of the data over to the body
/// while it passes.
/// </summary>
public interface IBodyView
{
    /// <summary>The data. The caller may change them; they are made anew for each call.</summary>
    /// <param name="limit">Most bytes that may be held for it (<c>content_limits.max_body_size</c>).</param>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <exception cref="Faults.GatewayException">There is more than the limit, or it cannot be understood.</exception>
    ValueTask<JsonNode?> ReadAsync(long limit, CancellationToken ct);

    /// <summary>The body with the data of a later step in it, as a stream that is read once.</summary>
    /// <returns>Null when the data are not of this body any more; they are then sent as they are.</returns>
    /// <exception cref="Faults.GatewayException">The body cannot hold the data.</exception>
    Stream? Apply(JsonNode? data);
}
