using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Fhir.Services.Fhir;
using Microsoft.Extensions.Logging;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>Access in an emergency: who may, what for, and the AuditEvent that is stored before anything is shown (https://hl7.org/fhir/R4/auditevent.html).</summary>
/// <param name="options">Who may.</param>
/// <param name="middleware">Name of the middleware, for the log.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="logger">Is told of each access.</param>
internal sealed class BreakGlass(BreakGlassOptions options, string middleware, TimeProvider clock, ILogger logger)
{
    /// <summary>The header; its value is the reason.</summary>
    public const string Header = "x-break-glass";

    private const int LongestReason = 200;

    /// <summary>Stores the record of an access that is to be given.</summary>
    /// <returns>Why it is not given; null where it is.</returns>
    /// <exception cref="GatewayException">The server cannot be asked, or does not take the record: without it nothing is shown.</exception>
    public async ValueTask<FhirRefusal?> RecordAsync(RequestEnvelope request, Identity identity, FhirInteraction interaction, CancellationToken ct)
    {
        var reason = request.Headers.Combined(Header)?.Trim() ?? "";
        if (!SmartToken.Words(identity.Claim($"{identity.Method}.{options.Claim}") ?? "").Any(options.Values.Contains)) return FhirRefusal.Forbidden("the token does not let break the glass");
        if (!Reads(interaction)) return FhirRefusal.Forbidden("behind broken glass things are read and searched, one type at a time");
        if (reason.Length is 0 or > LongestReason || reason.Any(char.IsControl)) return FhirRefusal.Invalid($"X-Break-Glass holds the reason, in 1 to {LongestReason} characters");
        if (request.Feature<BackendQuestions>() is not { } questions)
            throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable, "an AuditEvent has to be stored before the glass is broken, and the pipeline has no single backend to ask");
        using var question = Questions.Of(request, "POST", "/AuditEvent");
        question.Headers.Add("content-type", FhirMediaTypes.Json);
        question.Headers.Add("prefer", "return=minimal");
        question.Body.Replace(Encoding.UTF8.GetBytes(Event(request, identity, interaction, reason).ToJsonString()));
        await using var response = await questions.AskAsync(request, question, ct);
        if (response.Status is not (200 or 201)) throw new GatewayException(FaultSource.Backend, FaultKind.Unavailable, $"the server did not take the AuditEvent (status {response.Status}), so nothing is shown");
        FhirLog.GlassBroken(logger, middleware, identity.Subject, interaction.Name, interaction.Type, request.RequestId);
        return null;
    }

    private static bool Reads(FhirInteraction interaction) => interaction.Name switch
    {
        "read" or "vread" or "history-instance" or "search-type" => true,
        "search-compartment" => interaction.CompartmentType != "*",
        "operation" => interaction is { Operation: "$everything", Type: "Patient", Id.Length: > 0 },
        _ => false,
    };

    private JsonObject Event(RequestEnvelope request, Identity identity, FhirInteraction interaction, string reason)
    {
        var entity = new JsonObject { ["type"] = Coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "2") };
        if (interaction.Id.Length > 0) entity["what"] = new JsonObject { ["reference"] = $"{interaction.Type}/{interaction.Id}" };
        else entity["description"] = interaction.Type;
        if (request.Query.Length > 0) entity["query"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(request.Query));
        return new JsonObject
        {
            ["resourceType"] = "AuditEvent",
            ["type"] = Coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest"),
            ["subtype"] = new JsonArray(Coding("http://hl7.org/fhir/restful-interaction", interaction.Name == "search-compartment" ? "search-type" : interaction.Name)),
            ["action"] = interaction.Name is "read" or "vread" ? "R" : "E",
            ["recorded"] = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
            ["outcome"] = "0",
            ["outcomeDesc"] = reason,
            ["purposeOfEvent"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(Coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", "BTG")), ["text"] = reason }),
            ["agent"] = new JsonArray(new JsonObject
            {
                ["who"] = new JsonObject { ["identifier"] = new JsonObject { ["value"] = identity.Subject.Length > 0 ? identity.Subject : "unnamed" } },
                ["requestor"] = true,
                ["network"] = new JsonObject { ["address"] = request.ClientAddress?.ToString() ?? "unknown", ["type"] = "2" },
            }),
            ["source"] = new JsonObject { ["observer"] = new JsonObject { ["display"] = "Harmony" }, ["site"] = request.RequestId },
            ["entity"] = new JsonArray(entity),
        };

        static JsonObject Coding(string system, string code) => new() { ["system"] = system, ["code"] = code };
    }
}
