using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Access.Authentication;
using Harmony.Core.Configuration;
using Harmony.Core.Egress;

namespace Harmony.Mesh.Cloud;

/// <summary>
/// The API of the Runbeam cloud, as its public SDK asks it. Each call is bounded in time and size, obeys <c>[proxy.egress]</c>, follows no redirect, and
/// sends its token to the configured origin only.
/// </summary>
internal sealed class RunbeamApi : IDisposable
{
    private const int MaxMessage = 300;

    private static readonly EgressSettings Limits = new() { Timeout = TimeSpan.FromSeconds(10), MaxResponseBytes = 4 * 1024 * 1024 };

    private readonly Uri _api;
    private readonly EgressPolicySection _egress;
    private readonly EgressClient _client;

    /// <param name="settings">Where the cloud is.</param>
    /// <param name="config">The configuration, whose egress policy counts.</param>
    /// <param name="clock">Tells the time.</param>
    public RunbeamApi(CloudSettings settings, ConfigSet config, TimeProvider clock)
    {
        (_api, _egress) = (settings.Api, config.Proxy.Egress);
        _client = new EgressClient(EgressPolicy.From(_egress), Limits, clock);
    }

    /// <summary>Its host, for messages.</summary>
    public string Host => _api.Authority;

    /// <summary>The keys that verify the tokens of its users, as a document (RFC 7517 §5).</summary>
    public async Task<ReadOnlyMemory<byte>> KeysAsync(CancellationToken ct) => (await AskAsync(HttpMethod.Get, ".well-known/jwks.json", null, null, ct)).Body;

    /// <summary>Makes a token for a gateway.</summary>
    /// <param name="token">The token of a user, or of the gateway itself to renew it.</param>
    /// <param name="gateway">The gateway's code.</param>
    /// <param name="publicKey">A public key of the gateway's, or null.</param>
    /// <param name="metadata">What the cloud may note about the gateway.</param>
    /// <param name="ct">Trips when the caller no longer waits.</param>
    public async Task<Authorization> AuthorizeAsync(string token, string gateway, string? publicKey, IReadOnlyList<string> metadata, CancellationToken ct)
    {
        var body = new JsonObject { ["token"] = token, ["gateway_code"] = gateway };
        if (publicKey is not null) body["machine_public_key"] = publicKey;
        if (metadata.Count > 0) body["metadata"] = new JsonArray([.. metadata.Select(m => (JsonNode)m)]);
        return Authorization.Of(await ObjectAsync(HttpMethod.Post, "harmony/authorize", token, body, ct));
    }

    /// <summary>The changes that wait for a gateway, in the order of the answer: the newest first.</summary>
    public async Task<IReadOnlyList<CloudChange>> ChangesAsync(MachineToken token, CancellationToken ct)
    {
        var answer = await ObjectAsync(HttpMethod.Get, "harmony/changes/" + Uri.EscapeDataString(token.GatewayId), token.Value, null, ct);
        return answer["data"] is JsonArray data ? [.. data.Select(CloudChange.Of)] : throw Malformed("a list of changes");
    }

    /// <summary>A change with its text.</summary>
    public async Task<CloudChange> ChangeAsync(MachineToken token, string id, CancellationToken ct)
        => CloudChange.Of((await ObjectAsync(HttpMethod.Get, "harmony/change/" + Uri.EscapeDataString(id), token.Value, null, ct))["data"]);

    /// <summary>Says that a change has arrived.</summary>
    public Task AcknowledgeAsync(MachineToken token, string id, CancellationToken ct)
        => AskAsync(HttpMethod.Post, "harmony/changes/acknowledge", token.Value, new JsonObject { ["change_ids"] = new JsonArray(id) }, ct);

    /// <summary>Reports that a change runs.</summary>
    public Task AppliedAsync(MachineToken token, string id, CancellationToken ct)
        => AskAsync(HttpMethod.Post, $"harmony/change/{Uri.EscapeDataString(id)}/applied", token.Value, null, ct);

    /// <summary>Reports that a change does not run.</summary>
    public Task FailedAsync(MachineToken token, string id, string error, IReadOnlyList<string> details, CancellationToken ct)
        => AskAsync(HttpMethod.Post, $"harmony/change/{Uri.EscapeDataString(id)}/failed", token.Value,
            new JsonObject { ["error"] = error, ["details"] = new JsonArray([.. details.Select(d => (JsonNode)d)]) }, ct);

    /// <summary>The JOLT specification of a transform, as JSON text.</summary>
    public async Task<string> TransformAsync(MachineToken token, string id, CancellationToken ct)
    {
        var answer = await ObjectAsync(HttpMethod.Get, ApiPath("transforms/" + Uri.EscapeDataString(id)), token.Value, null, ct);
        return Text((answer["data"] as JsonObject)?["options"]?["instructions"]) ?? throw Malformed($"the instructions of transform '{id}'");
    }

    /// <summary>Sends a part of the configuration.</summary>
    public Task UpdateAsync(MachineToken token, string type, string? id, string text, CancellationToken ct)
    {
        var body = new JsonObject { ["type"] = type, ["config"] = text };
        if (id is not null) body["id"] = id;
        return AskAsync(HttpMethod.Post, "harmony/update", token.Value, body, ct);
    }

    /// <summary>Makes a token of a mesh for one destination.</summary>
    public async Task<(string Token, DateTimeOffset Expires)> MeshTokenAsync(MachineToken token, string mesh, Uri destination, CancellationToken ct)
    {
        var answer = await ObjectAsync(
            HttpMethod.Post, "harmony/mesh/token", token.Value, new JsonObject { ["mesh_id"] = mesh, ["destination_url"] = destination.ToString() }, ct);
        return Text(answer["token"]) is { Length: > 0 } made && CloudTime.Read(answer["expires_at"]) is { } expires
            ? (made, expires)
            : throw Malformed("a token of a mesh");
    }

    /// <summary>The result of a reference.</summary>
    public async Task<JsonObject> ResolveAsync(MachineToken token, string reference, CancellationToken ct)
        => (await ObjectAsync(HttpMethod.Get, ApiPath("harmony/resources/resolve?ref=" + Uri.EscapeDataString(reference)), token.Value, null,
            ct))["data"] as JsonObject ?? throw Malformed($"what '{reference}' means");

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Some paths stand below <c>/api</c>, whether or not the configured URL has it.</summary>
    private string ApiPath(string path) => _api.AbsolutePath.EndsWith("/api/", StringComparison.Ordinal) ? path : "api/" + path;

    private async Task<JsonObject> ObjectAsync(HttpMethod method, string path, string? token, JsonObject? body, CancellationToken ct)
    {
        var response = await AskAsync(method, path, token, body, ct);
        try
        {
            return JsonNode.Parse(response.Body.Span) as JsonObject ?? throw Malformed("a JSON object");
        }
        catch (JsonException)
        {
            throw Malformed("JSON");
        }
    }

    /// <exception cref="CloudException">There is no response, or it is not a success.</exception>
    private async Task<EgressResponse> AskAsync(HttpMethod method, string path, string? token, JsonObject? body, CancellationToken ct)
    {
        var url = new Uri(_api, path);
        if (HttpsRule.ReasonAgainst(url, _egress) is { } reason) throw new CloudException(CloudFailure.Unavailable, reason);
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        EgressResponse response;
        try
        {
            response = await _client.SendAsync(request, ct);
        }
        catch (EgressException e)
        {
            throw new CloudException(e.Failure is EgressFailure.TooLarge or EgressFailure.Protocol
                ? CloudFailure.Malformed
                : CloudFailure.Unavailable, e.Message, e);
        }

        return response.IsSuccess ? response : throw Failed(response, token);
    }

    private CloudException Failed(EgressResponse response, string? token)
    {
        var failure = response.Status switch
        {
            401 or 403 => CloudFailure.Refused,
            404 => CloudFailure.NotFound,
            429 or >= 500 => CloudFailure.Unavailable,
            >= 400 => CloudFailure.Rejected,
            _ => CloudFailure.Malformed,
        };
        var said = Said(response.Body, token);
        return new CloudException(failure, $"'{Host}' responded with {response.Status}{(said.Length == 0 ? "" : ": " + said)}")
        {
            Status = response.Status,
            RetryAfter = response.RetryAfter
        };
    }

    /// <summary>The <c>message</c> of a response, in one line, short, and without the token that it may repeat.</summary>
    private static string Said(ReadOnlyMemory<byte> body, string? token)
    {
        try
        {
            if (JsonNode.Parse(body.Span) is not JsonObject answer || Text(answer["message"]) is not { } message) return "";
            if (token is not null) message = message.Replace(token, SensitiveNames.Mask, StringComparison.Ordinal);
            return new string([.. message.Take(MaxMessage).Select(c => char.IsControl(c) ? ' ' : c)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return "";
        }
    }

    private CloudException Malformed(string wanted) => new(CloudFailure.Malformed, $"'{Host}' did not respond with {wanted}");

    /// <summary>A text; null where the node is none.</summary>
    internal static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
