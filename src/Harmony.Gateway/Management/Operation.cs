using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Gateway.Management.Access;

namespace Harmony.Gateway.Management;

/// <summary>One thing that operators may ask for.</summary>
/// <param name="Method">HTTP method; a GET answers HEAD too.</param>
/// <param name="Path">Its path below the base path; <c>{name}</c> stands for one segment.</param>
/// <param name="Need">The credentials that the operation needs.</param>
/// <param name="Summary">What it does, one sentence.</param>
/// <param name="Run">Does it.</param>
internal sealed record Operation(string Method, string Path, AccessNeed Need, string Summary, Func<OperationCall, ValueTask<ResponseEnvelope>> Run)
{
    private readonly string[] _segments = Path.Split('/');

    /// <summary>What the body holds, as a schema of OpenAPI; null where none is read.</summary>
    public string? BodySchema { get; init; }

    /// <summary>The name of the schema of what it responds with (<see cref="ResponseSchemas"/>); null where that is no JSON.</summary>
    public string? Response { get; init; }

    /// <summary>The status of success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The media type of what it responds with.</summary>
    public string MediaType { get; init; } = "application/json";

    /// <summary>Names of the parameters of the query that are read.</summary>
    public IReadOnlyList<string> QueryParameters { get; init; } = [];

    /// <summary>What it answers before the gateway serves; null where that is what everything else does, 503.</summary>
    public Func<RequestEnvelope, ResponseEnvelope>? WhileStarting { get; init; }

    /// <summary>Names of the segments that may be anything.</summary>
    public IEnumerable<string> Parameters => _segments.Where(s => s.StartsWith('{')).Select(s => s[1..^1]);

    /// <summary>Whether a request's method means this operation.</summary>
    public bool TakesMethod(string method) => method == Method || (method == "HEAD" && Method == "GET");

    /// <summary>Compares a path; the values are what it holds in the place of parameters, decoded.</summary>
    public bool TryMatch(string[] path, out string[] values)
    {
        values = [];
        if (path.Length != _segments.Length) return false;
        var found = new List<string>();
        for (var i = 0; i < path.Length; i++)
        {
            if (_segments[i].StartsWith('{')) found.Add(Uri.UnescapeDataString(path[i]));
            else if (_segments[i] != path[i]) return false;
        }

        values = [.. found];
        return true;
    }
}

/// <summary>One authorized request for an operation.</summary>
/// <param name="Gateway">What is asked.</param>
/// <param name="Request">The request.</param>
/// <param name="Values">What its path holds in the place of parameters.</param>
/// <param name="Ct">Trips when the operator has gone.</param>
internal sealed record OperationCall(IManagedGateway Gateway, RequestEnvelope Request, string[] Values, CancellationToken Ct)
{
    /// <summary>Who asks, as <see cref="Access.AccessVerdict.Operator"/> has it.</summary>
    public string Operator { get; init; } = "";

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

/// <summary>Responds in JSON, which caches do not store and browsers do not take for another type.</summary>
internal static class JsonAnswer
{
    /// <summary>People read it too, so an apostrophe stays one. Nothing takes it for a page: its content type is said, and not to be guessed.</summary>
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ResponseEnvelope Of(RequestEnvelope request, int status, JsonNode body)
        => Bytes(request, status, Encoding.UTF8.GetBytes(body.ToJsonString(Readable)), "application/json");

    /// <summary><c>{"error": "Not found", "message": "…"}</c></summary>
    public static ResponseEnvelope Error(RequestEnvelope request, int status, string error, string? message = null)
    {
        var body = new JsonObject { ["error"] = error };
        if (message is not null) body["message"] = message;
        return Of(request, status, body);
    }

    public static ResponseEnvelope Bytes(RequestEnvelope request, int status, ReadOnlyMemory<byte> bytes, string contentType)
    {
        var response = new ResponseEnvelope(request, status) { Body = Body.FromBytes(bytes) };
        response.Headers.Add("content-type", contentType);
        response.Headers.Add("cache-control", "no-store");
        response.Headers.Add("x-content-type-options", "nosniff");
        return response;
    }
}
