using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony token</c>: makes a JWT for trying <c>jwt_auth</c> out, signed with a secret (HS256) or a private key (RS256, ES256).</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var secret = new Option<string?>("--secret-file")
        {
            Description = "File with the secret of HS256, without leading and trailing white space.", HelpName = "FILE"
        };
        var key = new Option<string?>("--key") { Description = "PEM file with a private key: RSA for RS256, P-256 for ES256.", HelpName = "FILE" };
        var claims = new Option<string[]>("--claim")
        {
            Description = "Claim: sub=ann, or roles=[\"a\",\"b\"] for JSON. Can be given several times.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => []
        };
        var seconds = new Option<int>("--expires")
        {
            Description = "Seconds until the token expires; negative for an expired token.", HelpName = "SECONDS", DefaultValueFactory = _ => 3600
        };
        var command = new Command("token", "Make a JWT for a test.") { secret, key, claims, seconds };
        command.SetAction(result =>
        {
            try
            {
                var payload = Payload(result.GetValue(claims)!, TimeProvider.System.GetUtcNow(), result.GetValue(seconds));
                result.InvocationConfiguration.Output.WriteLine(Sign(payload, result.GetValue(secret), result.GetValue(key)));
                return 0;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException or FormatException
                or InvalidOperationException)
            {
                result.InvocationConfiguration.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command;
    }

    private static JsonObject Payload(string[] claims, DateTimeOffset now, int seconds)
    {
        var payload = new JsonObject { ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = now.AddSeconds(seconds).ToUnixTimeSeconds() };
        foreach (var claim in claims)
        {
            var at = claim.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw new FormatException($"--claim '{claim}' is not of the form NAME=VALUE");
            payload[claim[..at]] = ValueOf(claim[(at + 1)..]);
        }

        return payload;
    }

    /// <summary>JSON where it is JSON, else a string.</summary>
    private static JsonNode? ValueOf(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static string Sign(JsonObject payload, string? secretFile, string? keyFile)
    {
        if (secretFile is null == keyFile is null) throw new InvalidOperationException("name either --secret-file FILE or --key FILE");
        var (algorithm, sign) = secretFile is not null ? Hmac(File.ReadAllText(secretFile).Trim()) : Private(File.ReadAllText(keyFile!));
        var signed = $"{Encoded(new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" })}.{Encoded(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static (string Algorithm, Func<byte[], byte[]> Sign) Hmac(string secret)
        => ("HS256", data => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), data));

    private static (string Algorithm, Func<byte[], byte[]> Sign) Private(string pem)
    {
        if (pem.Contains("EC PRIVATE KEY", StringComparison.Ordinal) || !TryRsa(pem, out var rsa))
        {
            var curve = ECDsa.Create();
            curve.ImportFromPem(pem);
            return ("ES256", data => curve.SignData(data, HashAlgorithmName.SHA256));
        }

        return ("RS256", data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static bool TryRsa(string pem, out RSA rsa)
    {
        rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string Encoded(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
