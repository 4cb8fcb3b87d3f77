using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Fhir.Services.Fhir;
using Microsoft.Extensions.Logging;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>
/// Access beyond the scopes in an emergency. The server stores an AuditEvent (https://hl7.org/fhir/R4/auditevent.html) before anything is shown.
/// </summary>
/// <param name="options">The claim, and its values that permit such access.</param>
/// <param name="middleware">Name of the middleware, for the log.</param>
/// <param name="clock">The time of the AuditEvent.</param>
/// <param name="logger">Receives a warning for each access.</param>
internal sealed class BreakGlass(BreakGlassOptions options, string middleware, TimeProvider clock, ILogger logger)
{
    /// <summary>The request header that asks for access; its value is the reason, in 1 to 200 characters.</summary>
    public const string Header = "x-break-glass";

    private const int LongestReason = 200;

    /// <summary>Stores the AuditEvent of an access.</summary>
    /// <returns>Why the access is refused; null if it is permitted and recorded.</returns>
    /// <exception cref="GatewayException">The server cannot be asked, or does not store the AuditEvent: then nothing is shown.</exception>
    public async ValueTask<FhirRefusal?> RecordAsync(RequestEnvelope request, Identity identity, FhirInteraction interaction, CancellationToken ct)
    {
        var reason = request.Headers.Combined(Header)?.Trim() ?? "";
        var claim = identity.Claim($"{identity.Method}.{options.Claim}") ?? "";
        if (!SmartToken.Words(claim).Any(options.Values.Contains)) return FhirRefusal.Forbidden("the token does not let break the glass");
        if (!Reads(interaction)) return FhirRefusal.Forbidden("behind broken glass things are read and searched, one type at a time");
        if (reason.Length is 0 or > LongestReason || reason.Any(char.IsControl))
            return FhirRefusal.Invalid($"X-Break-Glass holds the reason, in 1 to {LongestReason} characters");
        if (request.Feature<BackendQuestions>() is not { } questions)
        {
            throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable,
                "an AuditEvent has to be stored before the glass is broken, and the pipeline has no single backend to ask");
        }

        using var question = Questions.Of(request, "POST", "/AuditEvent");
        question.Headers.Add("content-type", FhirMediaTypes.Json);
        question.Headers.Add("prefer", "return=minimal");
        question.Body.Replace(Encoding.UTF8.GetBytes(Event(request, identity, interaction, reason).ToJsonString()));
        await using var response = await questions.AskAsync(request, question, ct);
        if (response.Status is not (200 or 201))
        {
            throw new GatewayException(FaultSource.Backend, FaultKind.Unavailable,
                $"the server did not take the AuditEvent (status {response.Status}), so nothing is shown");
        }

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
        // The code system of interactions has none for the search of a compartment.
        var subtype = interaction.Name == "search-compartment" ? "search-type" : interaction.Name;
        var emergency = new JsonArray(Coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", "BTG"));
        return new JsonObject
        {
            ["resourceType"] = "AuditEvent",
            ["type"] = Coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest"),
            ["subtype"] = new JsonArray(Coding("http://hl7.org/fhir/restful-interaction", subtype)),
            ["action"] = interaction.Name is "read" or "vread" ? "R" : "E",
            ["recorded"] = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
            ["outcome"] = "0",
            ["outcomeDesc"] = reason,
            ["purposeOfEvent"] = new JsonArray(new JsonObject { ["coding"] = emergency, ["text"] = reason }),
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
