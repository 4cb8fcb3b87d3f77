using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>Judges a batch or transaction entry by entry, each as if it were a request of its own (https://hl7.org/fhir/R4/http.html#transaction).</summary>
/// <param name="judge">Judges the entries.</param>
/// <param name="version">The FHIR version.</param>
internal sealed class BatchRules(ScopeJudge judge, string version)
{
    private static readonly FhirInteraction None = new("");

    /// <summary>Judges a Bundle and narrows its entries.</summary>
    /// <param name="token">The permissions of the client.</param>
    /// <param name="bundle">The Bundle.</param>
    /// <param name="publicBase">The base URL of this server, by which URLs of entries may begin.</param>
    /// <param name="isShown">Says of a stored resource whether one of the grants shows it.</param>
    public async ValueTask<(BatchPlan? Plan, FhirRefusal? Refusal)> JudgeAsync(
        SmartToken token, JsonNode? bundle, string publicBase, Func<FhirReference, Grant[], ValueTask<bool>> isShown)
    {
        var type = FhirElements.Text(bundle, "type");
        if (FhirElements.Text(bundle, "resourceType") != "Bundle" || type is not ("batch" or "transaction"))
            return (null, FhirRefusal.Invalid("what is posted to the base is a Bundle of type batch or transaction"));
        if (bundle!["entry"] is not (null or JsonArray))
            return (null, FhirRefusal.Invalid("the entries of the Bundle are no list") with { Expression = "Bundle.entry" });
        var entries = new List<BatchEntry>();
        foreach (var node in bundle["entry"] as JsonArray ?? [])
        {
            if (node is not JsonObject entry) return (null, FhirRefusal.Invalid("an entry of the Bundle is no object") with { Expression = "Bundle.entry" });
            var (interaction, verdict) = Judge(token, entry, publicBase);
            if (verdict.Refusal is null && verdict.Stored is { } grants && !await isShown(new FhirReference(interaction.Type, interaction.Id), grants))
                verdict = FhirRefusal.NotFound;
            entries.Add(new BatchEntry(entry, interaction, verdict));
        }

        return (new BatchPlan(type == "transaction", entries), null);
    }

    private (FhirInteraction Interaction, SmartVerdict Verdict) Judge(SmartToken token, JsonObject entry, string publicBase)
    {
        if (entry["request"] is not JsonObject request || FhirElements.Text(request, "method") is not { } method
            || FhirElements.Text(request, "url") is not { } url)
            return (None, FhirRefusal.Invalid("an entry has no request with method and url"));
        if (method is not ("GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE"))
            return (None, FhirRefusal.Invalid("an entry has a method that FHIR does not have"));
        if (url.StartsWith(publicBase + "/", StringComparison.Ordinal)) url = url[(publicBase.Length + 1)..];
        var parts = url.Split('?', 2);
        // The URL of another server, or a path that leads out of the base, is no interaction.
        if (parts[0].Contains(':', StringComparison.Ordinal) || parts[0].StartsWith("//", StringComparison.Ordinal)
            || parts[0].Split('/').Any(s => s is "." or "..") || url.Contains('#', StringComparison.Ordinal) || url.Contains('\\', StringComparison.Ordinal))
            return (None, FhirRefusal.Invalid("the url of an entry is a path below the base"));
        var query = FhirQuery.Parse(parts.Length > 1 ? parts[1] : "");
        var (interaction, refusal) = InteractionReader.Parse(method, parts[0], parts.Length > 1, version);
        if (refusal is not null) return (None, refusal);
        if (interaction!.Name == "batch") return (None, FhirRefusal.Invalid("a Bundle stands in no entry of another"));
        var ask = new SmartRequest(interaction, query)
        {
            Body = interaction.Name == "patch" ? Patch(entry["resource"]) : entry["resource"],
            BodyIsJson = true,
            IfNoneExist = FhirElements.Text(request, "ifNoneExist") is { Length: > 0 } criteria ? FhirQuery.Parse(Criteria(criteria)) : null,
            PublicBase = publicBase,
        };
        var verdict = judge.Judge(token, ask);
        if (verdict.Refusal is not null) return (interaction, verdict);
        if (query.Pairs.Count > 0 || parts.Length > 1) request["url"] = query.Pairs.Count > 0 ? $"{parts[0]}?{query}" : parts[0];
        if (ask.IfNoneExist is { } narrowed) request["ifNoneExist"] = narrowed.ToString();
        if (verdict.Check == ResponseCheck.Resource)
        {
            request.Remove("ifNoneMatch");
            request.Remove("ifModifiedSince");
        }

        return (interaction, verdict);
    }

    /// <summary>
    /// The parameters of criteria, which clients write with and without type and question mark: <c>Patient?identifier=1</c>, <c>?identifier=1</c>,
    /// <c>identifier=1</c>.
    /// </summary>
    internal static string Criteria(string text)
    {
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return question >= 0 && (equals < 0 || question < equals) ? text[(question + 1)..] : text;
    }

    /// <summary>
    /// The patch of an entry: a JSON Patch is wrapped in a Binary (https://hl7.org/fhir/R4/http.html#jsonpatch-batch), a FHIRPath Patch is not.
    /// </summary>
    private static JsonNode? Patch(JsonNode? resource)
    {
        if (FhirElements.Text(resource, "resourceType") != "Binary") return resource;
        try
        {
            return JsonNode.Parse(Convert.FromBase64String(FhirElements.Text(resource, "data")
                ?? ""), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }
}
