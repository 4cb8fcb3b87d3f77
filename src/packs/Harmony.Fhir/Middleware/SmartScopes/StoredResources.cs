using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>Asks the server for a resource as it is stored, before it is changed.</summary>
/// <param name="mostBytes">Bytes of the longest resource.</param>
internal sealed class StoredResources(long mostBytes)
{
    /// <summary>Reads a resource with the credentials of a request.</summary>
    /// <returns>The resource and its ETag; null if the server shows none.</returns>
    /// <exception cref="GatewayException">The server cannot be asked: without its response nothing is changed.</exception>
    public async ValueTask<(JsonObject Resource, string? ETag)?> ReadAsync(RequestEnvelope request, FhirReference reference, CancellationToken ct)
    {
        if (request.Feature<BackendQuestions>() is not { } questions)
            throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable,
                "smart_scopes has to read a resource before it is changed, and the pipeline has no single backend to ask");
        using var question = Questions.Of(request, "GET", $"/{reference}");
        await using var response = await questions.AskAsync(request, question, ct);
        if (response.Status is >= 500 or 429)
            throw new GatewayException(FaultSource.Backend, FaultKind.Unavailable, "the server does not say what is stored, so nothing is changed");
        if (response.Status != 200 || response.Headers["content-encoding"] is not null) return null;
        return await response.Body.ReadJsonAsync(mostBytes, ct) is JsonObject resource && FhirElements.Text(resource, "resourceType") == reference.Type
            && FhirElements.Text(resource, "id") == reference.Id
            ? (resource, response.Headers["etag"])
            : null;
    }
}
