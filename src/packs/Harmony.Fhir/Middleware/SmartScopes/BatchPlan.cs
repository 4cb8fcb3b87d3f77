using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Core.Faults;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>The judged entries of a batch or transaction, in the order in which the client wrote them.</summary>
/// <param name="isTransaction">Whether all entries succeed or fail together.</param>
/// <param name="entries">The entries.</param>
internal sealed class BatchPlan(bool isTransaction, IReadOnlyList<BatchEntry> entries)
{
    /// <summary>Why the Bundle is refused: the first refusal in a transaction, with its entry. Null if the Bundle goes on.</summary>
    public FhirRefusal? Refusal
    {
        get
        {
            for (var i = 0; isTransaction && i < entries.Count; i++)
            {
                if (entries[i].Verdict.Refusal is not { } refusal) continue;
                var place = $"Bundle.entry[{i.ToString(CultureInfo.InvariantCulture)}]";
                return refusal with
                {
                    Text = $"{place}: {refusal.Text}",
                    Expression = refusal.Expression is { } inner
                    && inner.Contains('.', StringComparison.Ordinal) ? $"{place}.resource{inner[inner.IndexOf('.', StringComparison.Ordinal)..]}" : place
                };
            }

            return null;
        }
    }

    /// <summary>Whether an entry is left for the server.</summary>
    public bool HasWork => entries.Any(e => e.Verdict.Refusal is null);

    /// <summary>Takes the refused entries out of the Bundle that the server gets.</summary>
    public void Reduce(JsonObject bundle)
        => bundle["entry"] = new JsonArray([.. entries.Where(e => e.Verdict.Refusal is null).Select(e => e.Entry.DeepClone())]);

    /// <summary>The response in the client's order: the server's responses, as far as the token may see them, and the refusals.</summary>
    /// <param name="response">The server's Bundle; null if the server was not asked.</param>
    /// <param name="token">The permissions of the client.</param>
    /// <param name="publicBase">The base URL of this server, by which references to it may begin.</param>
    /// <exception cref="GatewayException">The Bundle does not have one entry for each entry that was sent.</exception>
    public JsonObject Answer(JsonObject? response, SmartToken token, string publicBase)
    {
        var bundle = response ?? new JsonObject { ["resourceType"] = "Bundle", ["type"] = "batch-response" };
        var answered = (bundle["entry"] as JsonArray ?? []).ToList();
        if (FhirElements.Text(bundle, "resourceType") != "Bundle" || answered.Count != entries.Count(e => e.Verdict.Refusal is null))
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the response to a batch has not one entry for each that was sent");
        var (merged, next) = (new JsonArray(), 0);
        foreach (var entry in entries)
        {
            if (entry.Verdict.Refusal is { } refusal) merged.Add((JsonNode)Refused(refusal));
            else merged.Add((JsonNode)Shown(answered[next++] as JsonObject ?? [], entry, token, publicBase));
        }

        bundle["entry"] = merged;
        return bundle;
    }

    private static JsonObject Shown(JsonObject answer, BatchEntry entry, SmartToken token, string publicBase)
    {
        answer = (JsonObject)answer.DeepClone();
        var check = entry.Verdict.Check;
        var status = FhirElements.Text(answer["response"], "status") ?? "";
        var resource = answer["resource"] as JsonObject;
        var type = FhirElements.Text(resource, "resourceType");
        switch (check)
        {
            case ResponseCheck.Resource:
                var isShown = status.StartsWith("200", StringComparison.Ordinal) && resource is not null && type == entry.Interaction.Type
                    && FhirElements.Text(resource, "id") == entry.Interaction.Id
                    && token.For(type, ScopeAccess.Read).Any(g => g.Shows(resource, type, publicBase));
                return isShown ? answer : Refused(FhirRefusal.NotFound);
            case ResponseCheck.Searchset or ResponseCheck.SearchsetWithoutTotal or ResponseCheck.History:
                if (type != "Bundle")
                {
                    if (type != "OperationOutcome") answer.Remove("resource");
                    return answer;
                }

                if (resource!["entry"] is JsonArray found)
                    resource["entry"] = new JsonArray(
                        [.. found.OfType<JsonObject>().Where(e => ResponseRules.Remains(e, token, check, publicBase)).Select(e => e.DeepClone())]);
                if (check == ResponseCheck.SearchsetWithoutTotal) resource.Remove("total");
                return answer;
            case ResponseCheck.Written:
                var isOwn = resource is null || type == "OperationOutcome"
                    || (type == entry.Interaction.Type && token.For(type, ScopeAccess.Read).Any(g => g.Shows(resource, type, publicBase)));
                if (!isOwn) answer.Remove("resource");
                return answer;
            default:
                return answer;
        }
    }

    private static JsonObject Refused(FhirRefusal refusal) => new()
    {
        ["response"] = new JsonObject
        {
            ["status"] = refusal.Status.ToString(CultureInfo.InvariantCulture),
            ["outcome"] = JsonNode.Parse(OperationOutcomes.Content(false, refusal.Code, refusal.Text, refusal.Expression).Bytes.Span),
        },
    };
}

/// <summary>An entry of a batch, and the judgement on the entry.</summary>
/// <param name="Entry">The entry, perhaps narrowed.</param>
/// <param name="Interaction">The interaction that the entry asks for.</param>
/// <param name="Verdict">The judgement.</param>
internal sealed record BatchEntry(JsonObject Entry, FhirInteraction Interaction, SmartVerdict Verdict);
