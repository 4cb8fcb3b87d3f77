using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>Judges responses: a resource, a Bundle of resources, or a resource that has been written.</summary>
/// <param name="mostBytes">Bytes of the largest body that is judged as a whole.</param>
internal sealed class ResponseRules(long mostBytes)
{
    /// <summary>Judges a response, and takes out what the token may not see.</summary>
    public async ValueTask ApplyAsync(ResponseEnvelope response, ResponsePlan duty, CancellationToken ct)
    {
        switch (duty.Check)
        {
            case ResponseCheck.Resource:
                await ResourceAsync(response, duty, ct);
                break;
            case ResponseCheck.Searchset or ResponseCheck.SearchsetWithoutTotal or ResponseCheck.History:
                await BundleAsync(response, duty, ct);
                break;
            case ResponseCheck.Written:
                await WrittenAsync(response, duty, ct);
                break;
        }
    }

    /// <summary>Whether an entry of a Bundle may be shown.</summary>
    public static bool Remains(JsonObject entry, SmartToken token, ResponseCheck check, string publicBase)
    {
        if (entry["resource"] is not JsonObject resource) return check == ResponseCheck.History && entry["resource"] is null;
        if (FhirElements.Text(resource, "resourceType") is not { } type) return false;
        return type == "OperationOutcome" || IsShown(resource, type, token, publicBase);
    }

    /// <summary>Whether a token may read or find a resource.</summary>
    public static bool IsShown(JsonObject resource, string type, SmartToken token, string publicBase)
        => token.For(type, ScopeAccess.Read).Any(g => g.Shows(resource, type, publicBase))
            || token.For(type, ScopeAccess.Search).Any(g => g.Shows(resource, type, publicBase));

    private async ValueTask ResourceAsync(ResponseEnvelope response, ResponsePlan duty, CancellationToken ct)
    {
        var interaction = duty.Interaction;
        if (response.Status is 429 or >= 500)
        {
            await KeepOnlyOutcomeAsync(response, ct);
            return;
        }

        var resource = response.Status == 200 ? await ReadAsync(response, ct) : null;
        var isShown = resource is not null && FhirElements.Text(resource, "resourceType") == interaction.Type
            && FhirElements.Text(resource, "id") == interaction.Id
            && duty.Token.For(interaction.Type, ScopeAccess.Read).Any(g => g.Shows(resource, interaction.Type, duty.PublicBase));
        if (!isShown) Hide(response);
        else if (duty.IfNoneMatch is { } known && response.Headers["etag"] is { } etag
            && known.Split(',', StringSplitOptions.TrimEntries).Contains(etag, StringComparer.Ordinal)) Empty(response, 304);
        else if (duty.WasHead) Empty(response, 200);
    }

    private async ValueTask BundleAsync(ResponseEnvelope response, ResponsePlan duty, CancellationToken ct)
    {
        if (response.Status != 200)
        {
            if (duty.Check == ResponseCheck.History && response.Status is 401 or 403 or 404 or 410) Hide(response);
            else await KeepOnlyOutcomeAsync(response, ct);
            return;
        }

        bool Remaining(JsonObject entry) => Remains(entry, duty.Token, duty.Check, duty.PublicBase);
        if (duty.WasHead)
        {
            Empty(response, 200);
            return;
        }

        var hasTotal = duty.Check != ResponseCheck.SearchsetWithoutTotal;
        switch (FormOf(response))
        {
            case Form.Json:
                response.Body.Replace(new EntryFilterStream(response.Body.OpenStream(), Remaining, hasTotal, mostBytes), null);
                break;
            case Form.Xml:
                response.Body.Replace(FilteredXml(await response.Body.ReadBytesAsync(mostBytes, ct), Remaining, hasTotal));
                break;
            default:
                throw Unknown();
        }

        ForgetLength(response);
    }

    private static byte[] FilteredXml(ReadOnlyMemory<byte> bundle, Func<JsonObject, bool> remains, bool hasTotal)
    {
        if (FhirXml.Load(bundle) is not { Root: { } root } || root.Name.LocalName != "Bundle") throw Unknown();
        foreach (var entry in root.Elements(FhirXml.Namespace + "entry").ToList())
        {
            if (!remains(XmlEntry(entry))) entry.Remove();
        }

        if (!hasTotal) root.Elements(FhirXml.Namespace + "total").Remove();
        return System.Text.Encoding.UTF8.GetBytes(root.ToString(SaveOptions.DisableFormatting));
    }

    private static JsonObject XmlEntry(XElement entry)
        => entry.Element(FhirXml.Namespace + "resource")?.Elements().FirstOrDefault() is { } resource
            ? new JsonObject { ["resource"] = FhirXml.Resource(resource) }
            : [];

    private async ValueTask WrittenAsync(ResponseEnvelope response, ResponsePlan duty, CancellationToken ct)
    {
        var type = duty.Interaction.Type;
        if (duty.Token.For(type, ScopeAccess.Read) is [{ IsUnrestricted: true }] || response.Status is 204 or 304 || response.Body.IsEmpty) return;
        if (response.Status >= 400)
        {
            await KeepOnlyOutcomeAsync(response, ct);
            return;
        }

        var resource = FormOf(response) == Form.None ? null : await ReadAsync(response, ct);
        if (resource is null || (FhirElements.Text(resource, "resourceType") is { } sent && sent != "OperationOutcome"
            && !(sent == type && duty.Token.For(type, ScopeAccess.Read).Any(g => g.Shows(resource, type, duty.PublicBase)))))
            Empty(response, response.Status);
    }

    private async ValueTask<JsonObject?> ReadAsync(ResponseEnvelope response, CancellationToken ct) => FormOf(response) switch
    {
        Form.Json => await response.Body.ReadJsonAsync(mostBytes, ct) as JsonObject,
        Form.Xml => FhirXml.Load(await response.Body.ReadBytesAsync(mostBytes, ct))?.Root is { } root ? FhirXml.Resource(root) : null,
        _ => null,
    };

    private static Form FormOf(ResponseEnvelope response)
    {
        if (response.Headers["content-encoding"] is not null || response.Headers["content-type"] is not { } contentType) return Form.None;
        return FhirMediaTypes.FormatOf(contentType) switch { FhirFormat.Json => Form.Json, FhirFormat.Xml => Form.Xml, _ => Form.None };
    }

    /// <summary>
    /// An error keeps its OperationOutcome, which is about the request. Any other body of an error cannot be judged and is replaced.
    /// </summary>
    private async ValueTask KeepOnlyOutcomeAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (response.Body.IsEmpty) return;
        var isAboutRequest = response.Status is 400 or 405 or 406 or 409 or 412 or 413 or 415 or 422;
        if (isAboutRequest && FormOf(response) != Form.None && FhirElements.Text(await ReadAsync(response, ct), "resourceType") == "OperationOutcome") return;
        var (code, text) = OperationOutcomes.OfStatus(response.Status);
        Set(response, response.Status, OperationOutcomes.Content(FhirMediaTypes.WantsXml(response.Request, out _), code, text));
    }

    /// <summary>The response for a resource that is absent and for one of another patient: to the byte the same.</summary>
    private static void Hide(ResponseEnvelope response)
        => Set(response, FhirRefusal.NotFound.Status,
            OperationOutcomes.Content(FhirMediaTypes.WantsXml(response.Request, out _), FhirRefusal.NotFound.Code, FhirRefusal.NotFound.Text));

    private static void Set(ResponseEnvelope response, int status, Core.Pipeline.RefusalContent content)
    {
        foreach (var name in response.Headers.Select(h => h.Name).ToList()) response.Headers.Remove(name);
        response.Status = status;
        response.Headers.Add("content-type", content.ContentType);
        response.Headers.Add("content-length", content.Bytes.Length.ToString(CultureInfo.InvariantCulture));
        response.Body.Replace(content.Bytes);
    }

    private static void Empty(ResponseEnvelope response, int status)
    {
        response.Status = status;
        ForgetLength(response);
        response.Headers.Remove("content-type");
        response.Body.Replace(ReadOnlyMemory<byte>.Empty);
    }

    private static void ForgetLength(ResponseEnvelope response)
    {
        foreach (var name in (string[])["content-length", "content-md5", "digest"]) response.Headers.Remove(name);
    }

    private static GatewayException Unknown()
        => new(FaultSource.Backend, FaultKind.Protocol, "the response of the server is no Bundle in JSON or XML, so it cannot be shown in part");

    private enum Form
    {
        None,
        Json,
        Xml,
    }
}

/// <summary>How the response to a request is judged: a feature of the request, read on the way back.</summary>
/// <param name="Token">The permissions of the client.</param>
/// <param name="Interaction">The interaction of the request.</param>
/// <param name="Check">How the response is judged.</param>
/// <param name="PublicBase">The base URL of this server, by which references to it may begin.</param>
internal sealed record ResponsePlan(SmartToken Token, FhirInteraction Interaction, ResponseCheck Check, string PublicBase)
{
    /// <summary>The response passes unchecked: it is the gateway's own, or every client may read it.</summary>
    public static readonly ResponsePlan None = new(new SmartToken([], null, null, new HashSet<string>()), new FhirInteraction(""), ResponseCheck.None, "");

    /// <summary>The ETags that the client knows; the server was not told, as its 304 could not be judged.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>Whether the client asked by HEAD, and the server was asked by GET.</summary>
    public bool WasHead { get; init; }

    /// <summary>How the entries of a batch are judged; null for other requests.</summary>
    public BatchPlan? Batch { get; init; }
}
