using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>
/// Clinic A, clinic B and the servers behind clinic B: two gateways in processes of their own, and origins that count what reaches them. Clinic A signs with
/// a private key; the mesh <c>once</c> has a secret, and lets each token in once.
/// </summary>
public sealed class TwoGateways : IAsyncLifetime
{
    private const string Secret = "a-mesh-secret-of-32-bytes-or-more";

    private GatewayProcess? _clinicA;
    private GatewayProcess? _clinicB;
    private CountedOrigin? _ehr;
    private CountedOrigin? _archive;

    /// <summary>Where applications of clinic A ask.</summary>
    public Uri Inside => new($"http://127.0.0.1:{_clinicA!.Address.Port}");

    /// <summary>Where members enter clinic B.</summary>
    public Uri Members => new($"https://localhost:{_clinicB!.Address.Port}");

    /// <summary>The same pipelines of clinic B without TLS.</summary>
    public Uri Plain { get; } = new($"http://localhost:{FreePort.Take()}");

    /// <summary>What reached the servers of clinic B.</summary>
    public IReadOnlyList<(string Path, string? Authorization)> Asked => [.. _ehr!.Asked, .. _archive!.Asked];

    public async Task InitializeAsync()
    {
        _ehr = await CountedOrigin.StartAsync("application/fhir+json", """{"resourceType":"Patient","id":"1"}""");
        _archive = await CountedOrigin.StartAsync("application/dicom+json", "[]");
        _clinicB = await GatewayProcess.StartAsync(ClinicB, Files("a.pub.pem", TestTokens.Rsa.ExportSubjectPublicKeyInfoPem()));
        _clinicA = await GatewayProcess.StartAsync(ClinicA, Files("a.pem", TestTokens.Rsa.ExportPkcs8PrivateKeyPem()));
    }

    public async Task DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { _clinicA, _clinicB, _ehr, _archive })
        {
            if (part is not null) await part.DisposeAsync();
        }
    }

    /// <summary>A token of clinic A for clinic B, some claims changed; null takes one away.</summary>
    public static string Token(params (string Name, JsonNode? Value)[] changes) => TestTokens.Rs256(Claims("clinics", changes));

    /// <summary>A token of the mesh <c>once</c>.</summary>
    public static string OnceToken(params (string Name, JsonNode? Value)[] changes)
        => TestTokens.Hs256(Claims("once", changes), Encoding.UTF8.GetBytes(Secret));

    /// <summary>A token that is not good at <c>/r4</c>, by what is wrong with it; null for none at all.</summary>
    public static string? BadToken(string what) => what switch
    {
        "no token" => null,
        "of another mesh" => OnceToken(("jti", "other")),
        "of another mesh, signed by a key of this one" => Token(("mesh_id", "pharmacies")),
        "expired" => Token(("exp", TimeProvider.System.GetUtcNow().AddMinutes(-3).ToUnixTimeSeconds())),
        "without an end" => Token(("exp", null)),
        "for another audience" => Token(("aud", "clinic-c")),
        "for no audience" => Token(("aud", null)),
        "alg none" => TestTokens.Sign("""{"alg":"none","typ":"JWT"}""", Claims("clinics").ToJsonString(), _ => []),
        "alg none with a signature" => TestTokens.Sign("""{"alg":"none","typ":"JWT"}""", Claims("clinics").ToJsonString(), TestTokens.RsaSignature),
        "HS256 with the public key" => TestTokens.Hs256(Claims("clinics"), Encoding.UTF8.GetBytes(TestTokens.Rsa.ExportSubjectPublicKeyInfoPem())),
        "HS256 with the public key in DER" => TestTokens.Hs256(Claims("clinics"), TestTokens.Rsa.ExportSubjectPublicKeyInfo()),
        "RS256 said, HS256 made" => TestTokens.Hs256(Claims("clinics"), TestTokens.Rsa.ExportSubjectPublicKeyInfo(), """{"alg":"RS256","typ":"JWT"}"""),
        "RS384" => TestTokens.Sign("""{"alg":"RS384"}""", Claims("clinics").ToJsonString(), Rs384),
        "by another key" => TestTokens.Rs256(Claims("clinics"), TestTokens.OtherRsa),
        "cut short" => Token()[..^4],
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no such token"),
    };

    private static byte[] Rs384(byte[] input) => TestTokens.Rsa.SignData(input, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);

    private static Dictionary<string, string> Files(string name, string text) => new(TestCertificate.Files) { [name] = text };

    private static JsonObject Claims(string mesh, params (string Name, JsonNode? Value)[] changes)
    {
        var audience = mesh == "clinics" ? "clinic-b" : null;
        return TestTokens.Claims(TimeProvider.System, [("iss", mesh), ("mesh_id", mesh), ("sub", "clinic-a"), ("aud", audience), .. changes]);
    }

    private string ClinicB(int port) => $"""
        [proxy]
        name = "clinic-b"
        primary_provider = "local"
        [network.members.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {port}
        {TestCertificate.Toml}
        [network.plain.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {Plain.Port}
        {Records("fhir", "/r4", "fhir", Base(_ehr!))}
        {Records("images", "/dicom", "dicomweb", Base(_archive!))}
        {Records("once", "/once", "http", Base(_ehr!))}
        [pipelines.packages]
        networks = ["members", "plain"]
        endpoints = ["packages"]
        middleware = ["store"]
        backends = ["nothing"]
        [pipelines.packages.mesh.ingress.packages]
        type = "http"
        mode = "mesh"
        urls = ["https://localhost/jmix/api/jmix"]
        [endpoints.packages]
        service = "jmix"
        options.path_prefix = "/own/packages"
        [middleware.store]
        type = "jmix_builder"
        [backends.nothing]
        service = "storage"
        options.root = "memory:"
        [mesh.clinics]
        type = "http"
        provider = "local"
        audience = "clinic-b"
        jwt_public_key_path = "a.pub.pem"
        ingress = ["fhir", "images", "packages"]
        [mesh.once]
        type = "http"
        provider = "local"
        jwt_secret = "{Secret}"
        replay_protection = true
        ingress = ["once"]
        """;

    private static string Records(string name, string path, string service, string server) => $"""
        [pipelines.{name}]
        networks = ["members", "plain"]
        endpoints = ["{name}"]
        backends = ["{name}"]
        [pipelines.{name}.mesh.ingress.{name}]
        type = "http"
        mode = "mesh"
        urls = ["https://localhost{path}"]
        [endpoints.{name}]
        service = "{service}"
        options.path_prefix = "/own/{name}"
        [backends.{name}]
        service = "{service}"
        options.base_url = "{server}"
        """;

    private string ClinicA(int port) => $"""
        [proxy]
        name = "clinic-a"
        primary_provider = "local"
        [network.inside.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {port}
        {Leaving("fhir", "fhir", "fhir", $"base_url = \"{Base(Members)}/r4\"")}
        {Leaving("images", "dicomweb", "dicomweb", $"base_url = \"{Base(Members)}/dicom\"")}
        {Leaving("packages", "http", "jmix_backend", $"base_url = \"{Base(Members)}\"\npath_prefix = \"/jmix\"")}
        {Leaving("once", "http", "http", $"base_url = \"{Base(Members)}/once\"")}
        [remote_ingress.clinic-b]
        urls = ["https://localhost/r4", "https://localhost/dicom", "https://localhost/jmix"]
        audience = "clinic-b"
        [remote_ingress.clinic-b-once]
        urls = ["https://localhost/once"]
        [mesh.clinics]
        type = "http"
        provider = "local"
        jwt_private_key_path = "a.pem"
        ingress = ["clinic-b"]
        egress = ["fhir", "images", "packages"]
        [mesh.once]
        type = "http"
        provider = "local"
        jwt_secret = "{Secret}"
        replay_protection = true
        ingress = ["clinic-b-once"]
        egress = ["once"]
        """;

    private static string Leaving(string name, string endpoint, string backend, string options) => $"""
        [pipelines.{name}]
        networks = ["inside"]
        endpoints = ["{name}"]
        backends = ["{name}"]
        [pipelines.{name}.mesh.egress.{name}]
        type = "http"
        mode = "mesh"
        [endpoints.{name}]
        service = "{endpoint}"
        options.path_prefix = "/{name}"
        [backends.{name}]
        service = "{backend}"
        [backends.{name}.options]
        ca_cert_path = "server.pem"
        {options}
        """;

    private static string Base(CountedOrigin origin) => Base(origin.Url);

    private static string Base(Uri url) => url.ToString().TrimEnd('/');
}
