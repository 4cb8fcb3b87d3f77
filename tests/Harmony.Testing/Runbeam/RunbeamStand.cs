using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Harmony.Testing.Runbeam;

/// <summary>A change at the stand.</summary>
public sealed class StandChange(string id, string type, string toml, DateTimeOffset createdAt)
{
    public string Id { get; } = id;

    public string Type { get; } = type;

    public string Toml { get; } = toml;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary><c>queued</c>, <c>acknowledged</c>, <c>applied</c> or <c>failed</c>.</summary>
    public string Status { get; set; } = "queued";

    public string Error { get; set; } = "";

    public IReadOnlyList<string> Details { get; set; } = [];
}

/// <summary>A request that came to the stand.</summary>
public sealed record StandRequest(string Method, string Path, string Body, string? Token);

/// <summary>
/// Stands in for the Runbeam cloud: its public API, with one gateway, in memory. <see cref="Interfere"/> makes it slow, absent, wrong or hostile.
/// </summary>
public sealed class RunbeamStand : IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly RSA _key = RSA.Create(2048);
    private readonly Lock _lock = new();
    private readonly List<StandChange> _changes = [];
    private readonly ConcurrentDictionary<string, string> _transforms = new(StringComparer.Ordinal);
    private readonly List<(Func<RunbeamStand, bool> Fits, TaskCompletionSource Seen)> _waiting = [];
    private KestrelOrigin? _origin;
    private int _made;

    private RunbeamStand(TimeProvider clock) => _clock = clock;

    public Uri Url => _origin!.Url;

    public string GatewayId { get; } = "gw-7f3a";

    public string GatewayCode { get; } = "clinic-a";

    /// <summary>How long the tokens of gateways live.</summary>
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether a gateway may have another token by the one that it has.</summary>
    public bool Renews { get; set; } = true;

    /// <summary>The tokens of gateways that are accepted.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> Tokens { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<StandRequest> Requests { get; } = new();

    /// <summary>What was pushed: type, id and text.</summary>
    public ConcurrentQueue<(string Type, string? Id, string Text)> Pushed { get; } = new();

    /// <summary>What references mean.</summary>
    public ConcurrentDictionary<string, JsonObject> Resources { get; } = new(StringComparer.Ordinal);

    /// <summary>Handles a request before the stand does; true where that was all.</summary>
    public Func<HttpContext, Task<bool>>? Interfere { get; set; }

    /// <summary>Starts one.</summary>
    /// <param name="clock">Tells the time.</param>
    /// <param name="port">Its port; 0 for a free one.</param>
    /// <param name="isSteered">Whether it is steered by requests below <c>/stand/</c>, where no test does that.</param>
    public static async Task<RunbeamStand> StartAsync(TimeProvider? clock = null, int port = 0, bool isSteered = false)
    {
        var stand = new RunbeamStand(clock ?? TimeProvider.System);
        if (isSteered) stand.Interfere = stand.SteerAsync;
        stand._origin = await KestrelOrigin.StartAsync(stand.HandleAsync, port);
        return stand;
    }

    /// <summary>The token of a user, some claims changed; null takes one away.</summary>
    public string UserToken(params (string Name, JsonNode? Value)[] changes)
        => TestTokens.Rs256(TestTokens.Claims(_clock, [("iss", Url.ToString()), ("sub", "user-1"), .. changes]), _key, "stand");

    /// <summary>A token for the gateway, as <c>RUNBEAM_MACHINE_TOKEN</c> takes it.</summary>
    public JsonObject NewToken()
    {
        var token = $"planted-machine-{Interlocked.Increment(ref _made)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        var expires = _clock.GetUtcNow() + TokenLife;
        Tokens[token] = expires;
        return new JsonObject
        {
            ["machine_token"] = token, ["expires_at"] = Time(expires), ["gateway_id"] = GatewayId, ["gateway_code"] = GatewayCode,
            ["abilities"] = new JsonArray("harmony:update")
        };
    }

    /// <summary>Queues a change.</summary>
    public StandChange Add(string type, string toml)
    {
        lock (_lock)
        {
            var change = new StandChange($"chg-{_changes.Count + 1}", type, toml, _clock.GetUtcNow());
            _changes.Add(change);
            return change;
        }
    }

    public void AddTransform(string id, string instructions) => _transforms[id] = instructions;

    /// <summary>Waits until something is so; looked at after each request.</summary>
    public Task UntilAsync(Func<RunbeamStand, bool> fits)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (fits(this)) seen.SetResult();
            else _waiting.Add((fits, seen));
        }

        return seen.Task.Guarded();
    }

    /// <summary>Waits until the gateway has reported a change.</summary>
    public Task ReportedAsync(StandChange change) => UntilAsync(_ => change.Status is "applied" or "failed");

    public async ValueTask DisposeAsync()
    {
        if (_origin is not null) await _origin.DisposeAsync();
        _key.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var token = context.Request.Headers.Authorization.ToString() is var field && field.StartsWith("Bearer ", StringComparison.Ordinal)
            ? field["Bearer ".Length..]
            : null;
        var request = new StandRequest(context.Request.Method, context.Request.Path + context.Request.QueryString, body, token);
        Requests.Enqueue(request);
        try
        {
            if (Interfere is { } interfere && await interfere(context)) return;
            var (status, answer) = Answer(context, request);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.ToJsonString());
        }
        finally
        {
            Look();
        }
    }

    private async Task<bool> SteerAsync(HttpContext context)
    {
        if (context.Request.Path.Value!.Split('/') is not ["", "stand", .. var path]) return false;
        var body = Requests.Last().Body;
        var answer = (context.Request.Method, path) switch
        {
            ("GET", ["user-token"]) => UserToken(),
            ("POST", ["changes"]) => Add(context.Request.Query["type"].ToString(), body).Id,
            ("GET", ["changes"]) => Told(),
            ("PUT", ["transforms", var name]) => Keep(name, body),
            ("GET", ["pushed"]) => string.Join('\n', Pushed.Select(p => $"== {p.Type} {p.Id}\n{p.Text}")),
            _ => "no such thing",
        };
        await context.Response.WriteAsync(answer + "\n");
        return true;
    }

    private string Told()
    {
        lock (_lock) return string.Join('\n', _changes.Select(c => $"{c.Id} {c.Status} {c.Error}\n{string.Join('\n', c.Details)}".TrimEnd()));
    }

    private string Keep(string name, string instructions)
    {
        AddTransform(name, instructions);
        return name;
    }

    private void Look()
    {
        lock (_lock)
        {
            foreach (var (fits, seen) in _waiting.Where(w => w.Fits(this)).ToList()) seen.TrySetResult();
            _waiting.RemoveAll(w => w.Seen.Task.IsCompleted);
        }
    }

    private (int Status, JsonNode Answer) Answer(HttpContext context, StandRequest request)
    {
        var path = context.Request.Path.Value!.Trim('/').Split('/');
        return (request.Method, path) switch
        {
            ("GET", [".well-known", "jwks.json"]) => (200, JsonNode.Parse($$"""{"keys":[{{TestTokens.Jwk(_key, "stand")}}]}""")!),
            ("GET", ["api", "harmony", "base-url"] or ["harmony", "base-url"]) => (200, new JsonObject { ["base_url"] = Url.ToString() }),
            ("POST", ["harmony", "authorize"]) => Authorize(request),
            _ when request.Token is null || !Tokens.TryGetValue(request.Token, out var expires) || expires <= _clock.GetUtcNow()
                => Error(401, "Unauthenticated."),
            ("GET", ["harmony", "changes"] or ["harmony", "changes", _])
                => path.Length == 3 && path[2] != GatewayId ? Error(403, "This gateway is another's.") : (200, List()),
            ("GET", ["harmony", "change", var id])
                => Find(id) is { } change ? (200, new JsonObject { ["data"] = Shown(change, withText: true) }) : Error(404, "No such change."),
            ("POST", ["harmony", "changes", "acknowledge"]) => (200, Acknowledge(Body(request))),
            ("POST", ["harmony", "change", var id, "applied" or "failed"]) => Report(id, path[3], request),
            ("POST", ["harmony", "update"]) => Update(Body(request)),
            ("GET", ["api", "transforms", var id])
                => _transforms.TryGetValue(id, out var instructions) ? (200, Transform(id, instructions)) : Error(404, "No such transform."),
            ("GET", ["api", "harmony", "resources", "resolve"]) => Resolve(context.Request.Query["ref"].ToString()),
            ("POST", ["harmony", "mesh", "token"]) => (200, MeshToken(Body(request))),
            _ => Error(404, "Not found."),
        };
    }

    private (int Status, JsonNode Answer) Authorize(StandRequest request)
    {
        var body = Body(request);
        var isRenewal = request.Token is not null && Tokens.TryGetValue(request.Token, out var expires) && expires > _clock.GetUtcNow();
        if (isRenewal ? !Renews : request.Token?.Count(c => c == '.') != 2) return Error(403, "This token may not authorize a gateway.");
        if ($"{body["gateway_code"]}" is var code && code != GatewayCode && code != GatewayId) return Error(404, "No such gateway.");
        var made = NewToken();
        return (200, new JsonObject
        {
            ["machine_token"] = made["machine_token"]!.DeepClone(), ["expires_in"] = TokenLife.TotalSeconds
                + 0.5, ["expires_at"] = made["expires_at"]!.DeepClone(),
            ["gateway"] = new JsonObject
            {
                ["id"] = GatewayId, ["code"] = GatewayCode, ["name"] = "Clinic A",
                ["authorized_by"] = new JsonObject { ["id"] = "user-1", ["name"] = "Ann", ["email"] = "ann@example.org" }
            },
            ["abilities"] = made["abilities"]!.DeepClone(),
        });
    }

    private JsonObject List()
    {
        lock (_lock) return new JsonObject
        {
            ["data"] = new JsonArray([.. _changes.AsEnumerable().Reverse().Where(c => c.Status == "queued").Select(c => (JsonNode)Shown(c, withText: false))])
        };
    }

    private JsonObject Acknowledge(JsonObject body)
    {
        var ids = (body["change_ids"] as JsonArray ?? []).Select(i => $"{i}").ToList();
        var known = ids.Select(Find).OfType<StandChange>().ToList();
        foreach (var change in known.Where(c => c.Status == "queued")) change.Status = "acknowledged";
        return new JsonObject { ["acknowledged"] = Names(known.Select(c => c.Id)), ["failed"] = Names(ids.Except(known.Select(c => c.Id))) };
    }

    private (int Status, JsonNode Answer) Report(string id, string outcome, StandRequest request)
    {
        if (Find(id) is not { } change) return Error(404, "No such change.");
        change.Status = outcome;
        if (outcome == "failed")
        {
            var body = Body(request);
            (change.Error, change.Details) = ($"{body["error"]}", [.. (body["details"] as JsonArray ?? []).Select(d => $"{d}")]);
        }

        return (200, new JsonObject { ["success"] = true, ["message"] = "Noted." });
    }

    private (int Status, JsonNode Answer) Update(JsonObject body)
    {
        Pushed.Enqueue(($"{body["type"]}", body["id"]?.ToString(), $"{body["config"]}"));
        return (200, new JsonObject
        {
            ["success"] = true, ["message"] = "Stored.",
            ["data"] = new JsonObject { ["id"] = body["id"]?.DeepClone(), ["type"] = body["type"]?.DeepClone(), ["action"] = "updated" }
        });
    }

    private JsonObject Transform(string id, string instructions) => new()
    {
        ["data"] = new JsonObject
        {
            ["type"] = "transform", ["id"] = id, ["code"] = id, ["name"] = id, ["team_id"] = "team-1", ["gateway_id"] = GatewayId,
            ["options"] = new JsonObject { ["instructions"] = instructions }, ["created_at"] = Time(_clock.GetUtcNow()),
            ["updated_at"] = Time(_clock.GetUtcNow()),
        },
    };

    private (int Status, JsonNode Answer) Resolve(string reference) => Resources.TryGetValue(reference, out var found)
        ? (200,
            new JsonObject { ["data"] = found.DeepClone(), ["meta"] = new JsonObject { ["provider"] = "runbeam", ["resolved_at"] = Time(_clock.GetUtcNow()) } })
        : Error(404, "No such resource.");

    private JsonObject MeshToken(JsonObject body)
    {
        var mesh = $"{body["mesh_id"]}";
        var expires = _clock.GetUtcNow().AddMinutes(5);
        return new JsonObject
        {
            ["token"] = TestTokens.Rs256(TestTokens.Claims(_clock, ("iss", mesh), ("mesh_id", mesh), ("sub", "harmony-proxy"),
            ("aud", null)), _key, "stand"), ["expires_at"] = Time(expires), ["mesh_id"] = mesh
        };
    }

    private JsonObject Shown(StandChange change, bool withText)
    {
        var shown = new JsonObject
        {
            ["id"] = change.Id, ["gateway_id"] = GatewayId, ["pipeline_id"] = null, ["type"] = change.Type, ["status"] = change.Status,
            ["metadata"] = new JsonObject(),
            ["created_at"] = Time(change.CreatedAt), ["acknowledged_at"] = null, ["applied_at"] = null, ["failed_at"] = null, ["error_message"] = null,
            ["error_details"] = null,
        };
        if (withText) shown["toml_config"] = change.Toml;
        return shown;
    }

    private StandChange? Find(string id)
    {
        lock (_lock) return _changes.Find(c => c.Id == id);
    }

    private static JsonObject Body(StandRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static (int Status, JsonNode Answer) Error(int status, string message) => (status, new JsonObject { ["message"] = message });

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(n => (JsonNode)n)]);

    private static string Time(DateTimeOffset time)
        => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
