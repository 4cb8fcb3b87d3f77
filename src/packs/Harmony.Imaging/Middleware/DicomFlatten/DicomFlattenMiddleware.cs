using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;

namespace Harmony.Imaging.Middleware.DicomFlatten;

/// <summary><c>[middleware.NAME.options]</c> of <c>dicom_flatten</c> and <c>dicom_unflatten</c>.</summary>
public sealed record DicomFlattenOptions : ConfigNode
{
    /// <summary>
    /// What is converted if the pipeline lists the middleware once for both directions: requests (<c>left</c>), responses (<c>right</c>), or both.
    /// </summary>
    [AllowedValues("left", "right", "both")]
    public string Apply { get; init; } = "both";
}

/// <summary>
/// <c>dicom_flatten</c> and <c>dicom_unflatten</c>: DICOM JSON to JSON that is easy to write specs for, and back (<see cref="FlatDataSet"/>).
/// </summary>
/// <param name="apply">Where it works.</param>
/// <param name="flattens">Which of the two it is.</param>
/// <param name="limits">How much of a body is held and parsed.</param>
internal sealed class DicomFlattenMiddleware(string apply, bool flattens, ContentLimitsSection limits) : IRequestMiddleware, IResponseMiddleware
{
    private readonly ContentReader _content = new(limits);

    public bool ReadsRequestBody => true;

    public bool ReplacesResponseBody => true;

    public MiddlewareSides Sides => apply switch { "left" => MiddlewareSides.Left, "right" => MiddlewareSides.Right, _ => MiddlewareSides.Both };

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (await _content.ReadAsync(request, ct) is { } data && Convert(data, FaultSource.Client) is { } converted) request.Body.Replace(converted);
        return MiddlewareResult.Continue;
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (response.Status >= 400 || response.Objects is not null) return;
        if (await _content.ReadAsync(response, ct) is { } data && Convert(data, FaultSource.Backend) is { } converted) response.Body.Replace(converted);
    }

    /// <returns>Null where there is nothing to convert.</returns>
    private JsonNode? Convert(JsonNode data, FaultSource sender)
    {
        if (data is JsonArray all) return new JsonArray([.. all.Select(d => One(d, sender))]);
        if (data is not JsonObject whole) return flattens ? null : throw Unfit(sender);
        foreach (var member in new[] { "dataset", "identifier", "dimse_identifier" })
        {
            if (whole[member] is not JsonObject inner) continue;
            return With(whole, member, One(inner, sender));
        }

        if (whole["matches"] is JsonArray matches) return With(whole, "matches", new JsonArray([.. matches.Select(d => One(d, sender))]));
        return FlatDataSet.LooksLikeDataSet(whole) ? One(whole, sender) : null;
    }

    private static JsonObject With(JsonObject whole, string member, JsonNode? value)
    {
        var copy = (JsonObject)whole.DeepClone();
        copy[member] = value;
        return copy;
    }

    private JsonNode? One(JsonNode? node, FaultSource sender)
    {
        if (node is not JsonObject dataSet) return flattens || node is null ? node?.DeepClone() : throw Unfit(sender);
        return flattens ? FlatDataSet.Flatten(dataSet) : FlatDataSet.Unflatten(dataSet);
    }

    private static GatewayException Unfit(FaultSource sender)
        => new(
            sender, sender == FaultSource.Client ? FaultKind.Malformed : FaultKind.Protocol,
            "dicom_unflatten needs an object, or an array of objects, whose members are named by tags");
}
