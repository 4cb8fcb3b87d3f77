using System.Text.Json.Nodes;
using Harmony.Age;
using Harmony.Core.Credentials;
using Harmony.Core.Envelope;
using Harmony.Gateway.Management;
using Harmony.Gateway.Management.Access;
using Harmony.Mesh.Cloud;

namespace Harmony.Gateway.Cloud;

/// <summary>
/// What operators, and the public <c>runbeam</c> command line, may ask of the cloud through the management API. <c>authorize</c> needs the token of a user of
/// the cloud, verified by the cloud's keys; everything else that changes something needs that or the admin token.
/// </summary>
internal static class CloudOperations
{
    private const long MaxBody = 64 * 1024;
    private const string Disabled = "Runbeam Cloud integration is disabled on this gateway";
    private const string NotAuthorized = "this gateway is not authorized at its cloud. Run `runbeam harmony:authorize` first, or `harmony cloud authorize`";

    private const string AuthorizeSchema = """
        {"type":"object","required":["gateway_id"],"properties":{
            "gateway_id":{"type":"string"},"machine_public_key":{"type":"string"},"metadata":{"type":"object"},"encryption_key":{"type":"string"}}}
        """;

    private const string TokenSchema = """
        {"type":"object","required":["machine_token","expires_at","gateway_id"],"properties":{
            "machine_token":{"type":"string"},"expires_at":{"type":"string"},"gateway_id":{"type":"string"},
            "abilities":{"type":"array","items":{"type":"string"}},"encryption_key":{"type":"string"},"api_base_url":{"type":"string"}}}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The operations of a gateway.</summary>
    /// <param name="isSteered">Whether the configuration names a cloud; without one nothing is read, changed, or asked: the answer is always 403.</param>
    public static IEnumerable<Operation> All(bool isSteered)
    {
        yield return Of("authorize", "Authorizes this gateway in the cloud, with the token of a cloud user.", isSteered, AuthorizeAsync, AuthorizeSchema);
        yield return Of("token", "Stores a token that the cloud has made for this gateway.", isSteered, TakeTokenAsync, TokenSchema);
        yield return Of("update", "Pushes the configuration to the cloud, without its secrets.", isSteered, PushAsync);
        yield return Of("cloud/pull", "Gets changes from the cloud now and applies them.", isSteered, PullAsync);
        yield return new Operation("POST", "cloud/forget", AccessNeed.Changing, "Deletes this gateway's token for the cloud.",
            call => Wanted(isSteered, call, ForgetAsync))
        { Response = "CloudOutcome" };
        yield return new Operation("GET", "cloud/status", AccessNeed.Reading, "The state of the connection to the cloud.",
            call => StatusAsync(isSteered, call))
        { Response = "CloudStatus" };
    }

    private static Operation Of(string path, string summary, bool isSteered, Func<OperationCall, CloudSession, CancellationToken, Task<ResponseEnvelope>> run,
        string? schema = null)
        => new("POST", path, isSteered ? AccessNeed.CloudUser : AccessNeed.Nothing, summary, call => Wanted(isSteered, call, run))
        {
            BodySchema = schema,
            Response = "CloudOutcome",
            Status = path == "authorize" ? 201 : 200,
        };

    private static async ValueTask<ResponseEnvelope> Wanted(bool isSteered, OperationCall call,
        Func<OperationCall, CloudSession, CancellationToken, Task<ResponseEnvelope>> run)
    {
        if (!isSteered) return JsonAnswer.Error(call.Request, 403, "Forbidden", Disabled);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(call.Ct);
        patience.CancelAfter(Patience);
        try
        {
            return await call.Gateway.Cloud.WithAsync(session => run(call, session, patience.Token), patience.Token)
                ?? JsonAnswer.Error(call.Request, 403, "Forbidden", Disabled);
        }
        catch (CloudException e)
        {
            return e.Failure switch
            {
                CloudFailure.Refused => JsonAnswer.Error(call.Request, 401, "Unauthorized", $"the cloud does not accept the token: {e.Message}"),
                CloudFailure.Unavailable => JsonAnswer.Error(call.Request, e.Status is 429 or 503 ? e.Status : 502, "Cloud unavailable", e.Message),
                CloudFailure.Rejected or CloudFailure.NotFound => JsonAnswer.Error(call.Request, e.Status == 0 ? 502 : e.Status, "Cloud refused", e.Message),
                _ => JsonAnswer.Error(call.Request, 502, "Cloud error", e.Message),
            };
        }
        catch (TokenStoreException e)
        {
            return JsonAnswer.Error(call.Request, 500, "Internal error", e.Message);
        }
        catch (OperationCanceledException) when (!call.Ct.IsCancellationRequested)
        {
            return JsonAnswer.Error(call.Request, 504, "Cloud unavailable", $"the cloud did not do that within {Patience.TotalSeconds} s");
        }
    }

    private static async Task<ResponseEnvelope> AuthorizeAsync(OperationCall call, CloudSession session, CancellationToken ct)
    {
        if (ShownToken(call) is not { } token) return Unauthorized(call, "this needs the token of a user of the cloud: Authorization: Bearer TOKEN");
        if (await ReasonAgainstAsync(call, session, token, ct) is { } reason) return Unauthorized(call, reason);
        var body = await call.ReadObjectAsync(MaxBody);
        if (Text(body, "gateway_id") is not { Length: > 0 and <= 200 } gateway) throw OperationCall.Malformed("the body must hold \"gateway_id\"");
        var metadata = body["metadata"] is JsonObject given ? given.Select(m => m.Key).ToList() : [];
        var key = KeyOf(body);
        var answer = await session.Api.AuthorizeAsync(token, gateway, Text(body, "machine_public_key"), metadata, ct);
        if (IsOfAnother(call, session, answer.Token.GatewayId) is { } conflict) return conflict;
        call.Gateway.Cloud.Keep(session, answer.Token, key);
        return call.Answer(new JsonObject
        {
            ["success"] = true,
            ["message"] = "the gateway is authorized",
            ["gateway"] = new JsonObject { ["id"] = answer.Token.GatewayId, ["code"] = answer.Token.GatewayCode, ["name"] = answer.GatewayName },
            ["expires_at"] = CloudTime.Write(answer.Token.Expires),
            ["expires_in"] = answer.ExpiresIn,
        }, 201);
    }

    private static async Task<ResponseEnvelope> TakeTokenAsync(OperationCall call, CloudSession session, CancellationToken ct)
    {
        if (await ReasonAgainstAsync(call, session, ct) is { } reason) return Unauthorized(call, reason);
        var body = await call.ReadObjectAsync(MaxBody);
        if (MachineToken.Of(body) is not { } token)
            throw OperationCall.Malformed("the body must be {\"machine_token\": \"…\", \"expires_at\": \"…\", \"gateway_id\": \"…\"}");
        if (Text(body, "api_base_url") is { } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var api)
            && api.GetLeftPart(UriPartial.Authority) == session.Settings.Api.GetLeftPart(UriPartial.Authority)))
        {
            throw OperationCall.Malformed(
                $"'api_base_url' is another cloud than that of the configuration, {session.Settings.Api}; it is changed in the configuration only");
        }

        if (IsOfAnother(call, session, token.GatewayId) is { } conflict) return conflict;
        call.Gateway.Cloud.Keep(session, token, KeyOf(body));
        return call.Answer(new JsonObject { ["success"] = true, ["message"] = "the token is kept" });
    }

    private static async Task<ResponseEnvelope> PushAsync(OperationCall call, CloudSession session, CancellationToken ct)
    {
        if (await ReasonAgainstAsync(call, session, ct) is { } reason) return Unauthorized(call, reason);
        if (call.Gateway.Cloud.Usable(session) is not { } token) return Unauthorized(call, NotAuthorized);
        try
        {
            var push = await call.Gateway.Cloud.PushAsync(session, token, ct);
            return call.Answer(new JsonObject
            {
                ["success"] = true,
                ["message"] = push.Variables.Count == 0 ? "the configuration is pushed" : "the configuration is pushed; variables replace secrets",
                ["config_size"] = push.Size,
                ["pipeline_count"] = push.Count("pipeline"),
                ["transform_count"] = push.Count("transform"),
                ["mesh_count"] = push.Count("mesh"),
                ["secrets_replaced"] = Names(push.Variables),
            });
        }
        catch (FormatException e)
        {
            return JsonAnswer.Error(call.Request, 422, "Not pushed",
                $"nothing was sent, because nobody can tell what is secret in a file that does not load: {e.Message}");
        }
    }

    private static async Task<ResponseEnvelope> PullAsync(OperationCall call, CloudSession session, CancellationToken ct)
    {
        if (await ReasonAgainstAsync(call, session, ct) is { } reason) return Unauthorized(call, reason);
        var agent = call.Gateway.Cloud;
        if (agent.Usable(session) is not { } token) return Unauthorized(call, NotAuthorized);
        var before = session.State.Memory.Last;
        await agent.PullAsync(session, token, ct);
        var last = session.State.Memory.Last;
        return call.Answer(new JsonObject
        {
            ["success"] = true, ["message"] = last == before ? "there is no change" : "what the cloud wanted is done",
            ["last_change"] = Of(last)
        });
    }

    private static Task<ResponseEnvelope> ForgetAsync(OperationCall call, CloudSession session, CancellationToken ct)
        => Task.FromResult(call.Answer(new JsonObject
        {
            ["success"] = true,
            ["message"] = call.Gateway.Cloud.Forget(session) ? "the token is deleted; the cloud has to revoke it too" : "there was no token",
        }));

    /// <summary>Returns at once, because the cloud may be slow.</summary>
    private static ValueTask<ResponseEnvelope> StatusAsync(bool isSteered, OperationCall call)
    {
        var agent = call.Gateway.Cloud;
        return new ValueTask<ResponseEnvelope>(call.Answer(
            !isSteered ? new JsonObject { ["enabled"] = false }
            : agent.Current is { } session ? Status(agent, session, call.Gateway.StartedAt + call.Gateway.Uptime)
            : new JsonObject { ["enabled"] = true, ["authorized"] = false }));
    }

    private static JsonObject Status(CloudAgent agent, CloudSession session, DateTimeOffset now)
    {
        var (token, contact, memory) = (agent.Token, agent.Contact, session.State.Memory);
        return new JsonObject
        {
            ["enabled"] = true,
            ["provider"] = session.Settings.Provider,
            ["api"] = session.Settings.Api.ToString(),
            ["poll_interval_secs"] = session.Settings.PollInterval.TotalSeconds,
            ["authorized"] = token is not null && token.Expires > now,
            ["gateway"] = token is null ? null : new JsonObject { ["id"] = token.GatewayId, ["code"] = token.GatewayCode },
            ["token"] = token is null ? null
                : new JsonObject
                {
                    ["expires_at"] = CloudTime.Write(token.Expires), ["days_left"] = Math.Round((token.Expires - now).TotalDays, 1),
                    ["abilities"] = Names(token.Abilities)
                },
            ["last_contact"] = contact.At is not { } at
                ? null : new JsonObject { ["at"] = CloudTime.Write(at), ["good"] = contact.IsGood, ["message"] = contact.Message },
            ["last_change"] = Of(memory.Last),
            ["change_under_way"] = memory.UnderWay?.Id,
            ["reports_to_deliver"] = memory.Reports.Count,
            ["pushed_at"] = memory.PushedAt is { } pushed ? CloudTime.Write(pushed) : null,
        };
    }

    private static JsonObject? Of(LastChange? change) => change is null ? null : new JsonObject
    {
        ["id"] = change.Id, ["type"] = change.Type, ["at"] = CloudTime.Write(change.At), ["result"] = change.Result, ["error"] = change.Error,
    };

    /// <summary>Why the client may not manage the gateway; null if it may. Checked before any of the body is read.</summary>
    private static async Task<string?> ReasonAgainstAsync(OperationCall call, CloudSession session, CancellationToken ct)
    {
        if (call.Operator != AdminAccess.ToBeVerified) return null;
        return ShownToken(call) is { } token
            ? await ReasonAgainstAsync(call, session, token, ct) : "this needs the admin token, or that of a user of the cloud: Authorization: Bearer TOKEN";
    }

    private static async Task<string?> ReasonAgainstAsync(OperationCall call, CloudSession session, string token, CancellationToken ct)
    {
        var (user, reason) = await call.Gateway.Cloud.Users.VerifyAsync(token, session.Settings, session.Api, ct);
        return user is null ? $"that is not the token of a user of the cloud: {reason}" : null;
    }

    /// <summary>
    /// A gateway that is bound to a gateway of the cloud is not bound to another one without a question, because the new one then manages it.
    /// </summary>
    private static ResponseEnvelope? IsOfAnother(OperationCall call, CloudSession session, string gateway)
    {
        if (session.Tokens.Load() is not { } known || known.GatewayId == gateway) return null;
        return JsonAnswer.Error(call.Request, 409, "Conflict",
            $"this gateway is authorized as '{known.GatewayId}'; before it becomes another, run: harmony cloud forget");
    }

    private static AgeKey? KeyOf(JsonObject body)
    {
        try
        {
            return Text(body, "encryption_key") is { Length: > 0 } text ? TokenKey.Read(text, "'encryption_key'") : null;
        }
        catch (TokenStoreException e)
        {
            throw OperationCall.Malformed(e.Message);
        }
    }

    private static string? ShownToken(OperationCall call)
        => AuthorizationField.Find(call.Request.Headers, "Bearer", out var shown) == AuthorizationFinding.Found ? shown.ToString() : null;

    private static ResponseEnvelope Unauthorized(OperationCall call, string message)
    {
        var response = JsonAnswer.Error(call.Request, 401, "Unauthorized", message);
        response.Headers.Add("www-authenticate", "Bearer realm=\"harmony\"");
        return response;
    }

    private static string? Text(JsonObject body, string key) => body[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonArray Names(IReadOnlyList<string> names) => new([.. names.Select(n => (JsonNode)n)]);
}
