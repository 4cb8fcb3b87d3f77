using Harmony.Dicom.Data;

namespace Harmony.Dicom.Web.Multipart;

/// <summary>A part of a multipart body: its fields, and its content while it comes.</summary>
/// <param name="fields">The fields, names in any letter case.</param>
/// <param name="content">The content; what is left of it unread is passed over when the next part is asked for.</param>
public sealed class BodyPart(IReadOnlyDictionary<string, string> fields, Stream content)
{
    /// <summary>The content type as it stands there; null without one.</summary>
    public string? ContentType => Field("Content-Type");

    /// <summary>Where the content is said to be, by which other parts refer to it; null without one.</summary>
    public string? ContentLocation => Field("Content-Location");

    /// <summary>The content, to be read once.</summary>
    public Stream Content { get; } = content;

    /// <summary>A field of the part; null where it has none of that name.</summary>
    public string? Field(string name) => fields.GetValueOrDefault(name);
}

/// <summary>The content of one part, up to the delimiter behind it.</summary>
/// <param name="reader">Reads it.</param>
internal sealed class PartStream(PartReader reader) : ForwardStream
{
    private bool _isOver;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isOver || buffer.IsEmpty) return 0;
        var read = await reader.ReadContentAsync(buffer, cancellationToken);
        _isOver = read == 0;
        return read;
    }
}
