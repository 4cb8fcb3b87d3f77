using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Imaging.Dicom;

namespace Harmony.Data.Services.Storage;

/// <summary>
/// The values of the placeholders of one pattern: metadata first, then attributes of a DICOM object, then top-level strings of the body. The
/// body is looked into only where the metadata leave something open.
/// </summary>
internal sealed class PlaceholderValues
{
    /// <summary>Most bytes of a DICOM object's header that are read for the sake of a name.</summary>
    private const long MaxHeader = 4 * 1024 * 1024;

    private readonly string[] _names;
    private readonly (string Name, DicomTag Tag)[] _attributes;
    private readonly ContentReader _contents;
    private readonly TimeProvider _clock;

    public PlaceholderValues(NamePattern pattern, ContentReader contents, TimeProvider clock)
    {
        (_contents, _clock) = (contents, clock);
        _names = [.. pattern.Placeholders.Distinct(StringComparer.Ordinal)];
        _attributes = [.. _names.Where(n => DicomDictionary.TryGetTag(n, out _)).Select(n => (n, DicomTag.Parse(n)))];
    }

    /// <summary>The values for a request.</summary>
    /// <returns>The values that there are, and the body to store: looking into it may have begun to read it.</returns>
    public async ValueTask<(IReadOnlyDictionary<string, string> Values, Stream? Content)> OfAsync(RequestEnvelope request, CancellationToken ct)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in _names)
        {
            if (ValueOf(name, request) is { } value) values[name] = value;
        }

        if (values.Count == _names.Length) return (values, null);
        if (DicomMediaType.IsObject(request.Headers["content-type"])) return (values, await AddAttributesAsync(values, request, ct));
        if (request.Body.HasData || DicomMediaType.IsJson(request.Headers["content-type"])) await AddStringsAsync(values, request, ct);
        return (values, null);
    }

    private string? ValueOf(string name, RequestEnvelope request)
    {
        if (request.Metadata.TryGetValue(name, out var value)) return value;
        return name switch
        {
            "uuid" => Guid.NewGuid().ToString(),
            // RFC 3339 without the colons, which names of files cannot have everywhere.
            "timestamp" => _clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss.fffffff'Z'", CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private async ValueTask<Stream?> AddAttributesAsync(Dictionary<string, string> values, RequestEnvelope request, CancellationToken ct)
    {
        if (_attributes.Length == 0 && !Array.Exists(_names, n => n == "file")) return null;
        var known = request.Feature<DicomObject>();
        var dicom = known ?? await DicomObject.ReadAsync(request.Body.OpenStream(), MaxHeader, command: null, ct);
        foreach (var (name, tag) in _attributes)
        {
            if (dicom.Header.GetString(tag) is { } value) values.TryAdd(name, value);
        }

        if (dicom.Header.GetString(DicomTag.SOPInstanceUID) is { } uid) values.TryAdd("file", $"{uid}.dcm");
        return known is null ? dicom.Content : null;
    }

    private async ValueTask AddStringsAsync(Dictionary<string, string> values, RequestEnvelope request, CancellationToken ct)
    {
        if (await _contents.ReadAsync(request, ct) is not JsonObject data) return;
        foreach (var name in _names)
        {
            if (data[name] is JsonValue value && value.TryGetValue<string>(out var text)) values.TryAdd(name, text);
        }
    }
}
