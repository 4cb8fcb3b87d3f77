using System.Globalization;
using System.Text.Json.Nodes;

namespace Harmony.Mesh.Cloud;

/// <summary>The rights of a gateway at the cloud, and their end. Contains a secret.</summary>
/// <param name="Value">The token.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="GatewayId">The gateway it is for.</param>
/// <param name="GatewayCode">That gateway's code, or null.</param>
/// <param name="Abilities">What it allows.</param>
internal sealed record MachineToken(string Value, DateTimeOffset Expires, string GatewayId, string? GatewayCode, IReadOnlyList<string> Abilities)
{
    /// <summary>Reads a token: <c>{"machine_token": "…", "expires_at": "…", "gateway_id": "…", "gateway_code": "…", "abilities": []}</c>.</summary>
    /// <returns>Null where a member is missing or of another kind.</returns>
    public static MachineToken? Of(JsonObject json)
    {
        if (RunbeamApi.Text(json["machine_token"]) is not { Length: > 0 } value || value.Any(c => c is <= ' ' or > '~')) return null;
        if (CloudTime.Read(json["expires_at"]) is not { } expires || RunbeamApi.Text(json["gateway_id"]) is not { Length: > 0 } gateway) return null;
        return new MachineToken(value, expires, gateway, RunbeamApi.Text(json["gateway_code"]), Texts(json["abilities"]));
    }

    /// <summary>The same as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["machine_token"] = Value, ["expires_at"] = CloudTime.Write(Expires), ["gateway_id"] = GatewayId, ["gateway_code"] = GatewayCode,
        ["abilities"] = new JsonArray([.. Abilities.Select(a => (JsonNode)a)]),
    };

    /// <summary>Never the token.</summary>
    public override string ToString() => $"the token of gateway {GatewayId}, until {Expires:u}";

    internal static IReadOnlyList<string> Texts(JsonNode? node) => node is JsonArray array ? [.. array.Select(RunbeamApi.Text).OfType<string>()] : [];
}

/// <summary>The cloud's answer to an authorization.</summary>
/// <param name="Token">The token.</param>
/// <param name="GatewayName">What people call the gateway, or null.</param>
/// <param name="ExpiresIn">Seconds until the token ends, as the cloud says.</param>
internal sealed record Authorization(MachineToken Token, string? GatewayName, double ExpiresIn)
{
    /// <exception cref="CloudException">It is not what it should be.</exception>
    public static Authorization Of(JsonObject answer)
    {
        var gateway = answer["gateway"] as JsonObject ?? [];
        var token = MachineToken.Of(new JsonObject
        {
            ["machine_token"] = answer["machine_token"]?.DeepClone(), ["expires_at"] = answer["expires_at"]?.DeepClone(),
            ["gateway_id"] = gateway["id"]?.DeepClone(), ["gateway_code"] = gateway["code"]?.DeepClone(), ["abilities"] = answer["abilities"]?.DeepClone(),
        }) ?? throw new CloudException(CloudFailure.Malformed, "the cloud did not respond with a token for a gateway");
        return new Authorization(token, RunbeamApi.Text(gateway["name"]), answer["expires_in"] is JsonValue seconds
            && seconds.TryGetValue<double>(out var number) ? number : 0);
    }
}

/// <summary>A change of the configuration that the cloud wants.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">What it changes: <c>gateway</c>, <c>pipeline</c>, <c>transform</c>, <c>mesh</c>.</param>
/// <param name="CreatedAt">When it was made, or null.</param>
/// <param name="Toml">Its text; null in lists.</param>
internal sealed record CloudChange(string Id, string Type, DateTimeOffset? CreatedAt, string? Toml)
{
    /// <exception cref="CloudException">It is not what it should be.</exception>
    public static CloudChange Of(JsonNode? node)
    {
        if (node is not JsonObject json || RunbeamApi.Text(json["id"]) is not { Length: > 0 and <= 200 } id || RunbeamApi.Text(json["type"]) is not { } type)
        {
            throw new CloudException(CloudFailure.Malformed, "the cloud did not respond with a change that has an id and a type");
        }

        return new CloudChange(id, type, CloudTime.Read(json["created_at"]), RunbeamApi.Text(json["toml_config"]));
    }
}

/// <summary>Times as the cloud writes them.</summary>
internal static class CloudTime
{
    /// <summary>A time, in UTC where it does not say; null where the node is none.</summary>
    public static DateTimeOffset? Read(JsonNode? node)
        => DateTimeOffset.TryParse(RunbeamApi.Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time) ? time : null;

    /// <summary>RFC 3339, in UTC.</summary>
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
