using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Age;
using Harmony.Core.Configuration;
using Harmony.Core.Storage;

namespace Harmony.Mesh.Cloud;

/// <summary>
/// Keeps the token by which the cloud knows this gateway, in a file of the storage folder that is encrypted as <c>age</c> does it. The variable
/// <c>RUNBEAM_MACHINE_TOKEN</c> counts before the file, unless the file holds a token of the same gateway that expires later, because it was renewed.
/// </summary>
/// <param name="folder">Where the file is; null where nothing can be kept, and the variable is all there is.</param>
/// <param name="environment">Looks an environment variable up.</param>
internal sealed class TokenStore(string? folder, Func<string, string?> environment)
{
    /// <summary>The variable that holds a token as JSON.</summary>
    public const string TokenVariable = "RUNBEAM_MACHINE_TOKEN";

    private readonly TokenKey _key = new(folder ?? "", environment);

    /// <summary>The folder of the file, or null.</summary>
    public string? Folder => folder;

    /// <summary>The encrypted file.</summary>
    public string TokenFile => Path.Combine(folder ?? "", "token.age");

    /// <summary>The store of a configuration.</summary>
    public static TokenStore Of(ConfigSet config, Func<string, string?> environment) => new(StorageFolder.Of(config, "cloud"), environment);

    /// <summary>The token that there is; null where there is none.</summary>
    /// <exception cref="TokenStoreException">It cannot be had.</exception>
    public MachineToken? Load()
    {
        if (environment(TokenVariable) is not { Length: > 0 } json) return LoadFile();
        var given = Parse(json, TokenVariable);
        if (folder is null) return given;
        var kept = TryLoadFile();
        if (kept is not null && ((kept.Value == given.Value && kept.GatewayId == given.GatewayId)
            || (kept.GatewayId == given.GatewayId && kept.Expires > given.Expires))) return kept;
        Save(given);
        return given;
    }

    /// <summary>Keeps a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="key">The key to encrypt the token with from now on; null for the existing key.</param>
    /// <exception cref="TokenStoreException">It cannot be kept.</exception>
    public void Save(MachineToken token, AgeKey? key = null)
    {
        if (folder is null) throw new TokenStoreException($"the token cannot be kept, because [storage] is no file system; set {TokenVariable}");
        if (key is not null) _key.Keep(key);
        OwnFile.Write(TokenFile, AgeFile.Encrypt(Encoding.UTF8.GetBytes(token.ToJson().ToJsonString()), _key.FindOrMake()));
    }

    /// <summary>Forgets the token and the key that was made for it.</summary>
    /// <returns>Whether there was a token.</returns>
    public bool Forget()
    {
        if (folder is null) return false;
        var was = File.Exists(TokenFile);
        if (was) File.Delete(TokenFile);
        _key.Forget();
        return was;
    }

    private MachineToken? TryLoadFile()
    {
        try
        {
            return LoadFile();
        }
        catch (TokenStoreException)
        {
            return null; // the variable counts, and what it says is written in the file's place
        }
    }

    private MachineToken? LoadFile()
    {
        if (folder is null || OwnFile.Read(TokenFile) is not { } file) return null;
        var key = _key.Find()
            ?? throw new TokenStoreException($"the key of '{TokenFile}' is not there; set {TokenKey.KeyVariable}, or run: harmony cloud forget");
        try
        {
            return Parse(Encoding.UTF8.GetString(AgeFile.Decrypt(file, key)), $"'{TokenFile}'");
        }
        catch (AgeException e)
        {
            throw new TokenStoreException(
                $"'{TokenFile}' cannot be decrypted: {e.Message}; set the {TokenKey.KeyVariable} that it was written with, or run: harmony cloud forget", e);
        }
    }

    private static MachineToken Parse(string json, string where)
    {
        const string form = "{\"machine_token\": \"…\", \"expires_at\": \"2026-01-31T00:00:00Z\", \"gateway_id\": \"…\"}";
        try
        {
            return JsonNode.Parse(json) is JsonObject read && MachineToken.Of(read) is { } token
                ? token
                : throw new TokenStoreException($"{where} contains no token; it must be {form}");
        }
        catch (JsonException)
        {
            throw new TokenStoreException($"{where} is no JSON; it must be {form}");
        }
    }
}
