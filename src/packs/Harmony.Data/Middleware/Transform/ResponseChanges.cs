using System.Text.Json;
using Harmony.Core.Envelope;

namespace Harmony.Data.Middleware.Transform;

/// <summary>What a spec says about an answer: <c>response_details</c> with any of <c>status, headers, metadata</c>.</summary>
internal sealed class ResponseChanges
{
    private readonly JsonElement _metadata;
    private readonly int? _status;
    private readonly List<HeaderField> _headers = [];

    private ResponseChanges(JsonElement details, ResponseEnvelope response)
    {
        if (details.ValueKind != JsonValueKind.Object) return;
        details.TryGetProperty("metadata", out _metadata);
        if (details.TryGetProperty("status", out var status)) _status = StatusOf(status, response.Status);
        if (details.TryGetProperty("headers", out var headers)) _headers = FieldText.Changed(headers, HeaderMap.Of(response.Headers));
    }

    /// <summary>Reads the details without changing the answer.</summary>
    /// <exception cref="TransformException">They cannot be sent.</exception>
    public static ResponseChanges Read(JsonElement details, ResponseEnvelope response) => new(details, response);

    /// <summary>Changes the answer.</summary>
    public void ApplyTo(ResponseEnvelope response)
    {
        if (_status is { } status) response.Status = status;
        FieldText.SetAll(response.Headers, _headers);
        MetadataMap.Merge(_metadata, response.Metadata);
    }

    private static int? StatusOf(JsonElement value, int now)
    {
        if (value.ValueKind == JsonValueKind.Null || FieldText.OfScalar(value) is not { } text) return null;
        if (!decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var status) || status == now) return null;
        return status is >= 200 and <= 599 && status == decimal.Truncate(status)
            ? (int)status
            : throw new TransformException("'status' of response_details is not a status from 200 to 599");
    }
}
