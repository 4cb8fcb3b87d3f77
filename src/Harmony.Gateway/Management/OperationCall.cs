using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Gateway.Management;

/// <summary>One request for an operation, by somebody who may ask for it.</summary>
/// <param name="Gateway">What is asked.</param>
/// <param name="Request">The request.</param>
/// <param name="Values">What its path holds in the place of parameters.</param>
/// <param name="Ct">Trips when the operator has gone.</param>
internal sealed record OperationCall(IManagedGateway Gateway, RequestEnvelope Request, string[] Values, CancellationToken Ct)
{
    /// <summary>Reads the body as a JSON object, whatever its content type says.</summary>
    /// <param name="limit">Bytes that it may have.</param>
    /// <exception cref="GatewayException">It is larger, or no JSON object.</exception>
    public async ValueTask<JsonObject> ReadObjectAsync(long limit)
    {
        return await Request.Body.ReadJsonAsync(limit, Ct) as JsonObject ?? throw Malformed("the body must be a JSON object");
    }

    /// <summary>The fault of a body that does not hold what it should.</summary>
    public static GatewayException Malformed(string message) => new(FaultSource.Client, FaultKind.Malformed, message);

    /// <summary>An answer in JSON.</summary>
    public ResponseEnvelope Answer(JsonNode body, int status = 200) => JsonAnswer.Of(Request, status, body);

    /// <summary>Nothing of that name is there.</summary>
    public ResponseEnvelope NotFound(string message) => JsonAnswer.Error(Request, 404, "Not found", message);
}
