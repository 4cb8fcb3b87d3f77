using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli;

/// <summary><c>harmony mesh</c>: tokens made and verified by hand, and whose URL is whose.</summary>
public sealed class MeshCommandTests
{
    private const string Secret = "planted-mesh-secret-of-32-bytes-or-more";

    private const string Clinic = $"""
        [proxy]
        name = "clinic-a"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [remote_ingress.clinic-b]
        urls = ["https://gateway.clinic-b.example/r4"]
        audience = "clinic-b"
        [mesh.clinics]
        type = "http"
        provider = "local"
        jwt_secret = "{Secret}"
        ingress = ["clinic-b"]

        """;

    private const string Second = """
        [mesh.labs]
        type = "http"
        provider = "local"
        jwt_secret = "another-mesh-secret-of-32-bytes-or-more"
        audience = "labs"
        """;

    private static Task<CommandLine> RunAsync(ConfigFolder folder, params string[] args)
        => CommandLine.RunAsync(folder, ["mesh", .. args, "-c", "FOLDER/config.toml"]);

    private static JsonObject Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Trim().Split('.')[1]))!.AsObject();

    private static string Forged(string secret, params (string Name, JsonNode? Value)[] changes)
    {
        var claims = TestTokens.Claims(TimeProvider.System, [("iss", "clinics"), ("mesh_id", "clinics"), ("aud", null), .. changes]);
        return TestTokens.Hs256(claims, Encoding.UTF8.GetBytes(secret));
    }

    [Fact]
    public async Task Token_IsPrinted_AndVerified()
    {
        using var folder = new ConfigFolder(Clinic);
        var made = await RunAsync(folder, "token");
        Assert.Equal((0, "", 1), (made.ExitCode, made.Error, made.Lines.Count));
        var claims = Claims(made.Output);
        Assert.Equal(("clinics", "clinics", "clinic-a", null), ($"{claims["iss"]}", $"{claims["mesh_id"]}", $"{claims["sub"]}", claims["aud"]));
        var verified = await RunAsync(folder, "token", "--verify", made.Output.Trim());
        Assert.Equal(0, verified.ExitCode);
        Assert.Matches("^good: mesh 'clinics', subject 'clinic-a', until [0-9-]+ [0-9:]+Z, verified with a shared secret \\(HS256\\)\n$", verified.Output);
    }

    public static TheoryData<string, string> BadTokens => new()
    {
        { "abc", "not good: " },
        { Forged("a-wrong-mesh-secret-of-32-bytes-or-more"), "not good: no key of the mesh has signed the token so" },
        { Forged(Secret, ("mesh_id", "labs")), "not good: the token is of another mesh" },
        { Forged(Secret, ("exp", 1)), "not good: " },
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task BadToken_IsSaidToBe(string token, string expected)
    {
        using var folder = new ConfigFolder(Clinic);
        var run = await RunAsync(folder, "token", "--verify", token);
        Assert.Equal((1, 1), (run.ExitCode, run.Lines.Count));
        Assert.StartsWith(expected, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ForAUrl_NamesItsAudience()
    {
        using var folder = new ConfigFolder(Clinic);
        Assert.Equal("clinic-b", $"{Claims((await RunAsync(folder, "token", "--url", "https://gateway.clinic-b.example/r4/Patient")).Output)["aud"]}");
        const string error = "https://gateway.clinic-b.example/r40 belongs to no member of mesh 'clinics'; 'harmony mesh check' prints the URLs of members\n";
        Assert.Equal(
            new CommandLine(1, "", error),
            await RunAsync(folder, "token", "--url", "https://gateway.clinic-b.example/r40"));
    }

    [Fact]
    public async Task SeveralMeshes_OneIsNamed()
    {
        using var folder = new ConfigFolder(Clinic + Second);
        Assert.Equal(new CommandLine(1, "", "several meshes are enabled; name one with --mesh: clinics, labs\n"), await RunAsync(folder, "token"));
        Assert.Equal(new CommandLine(1, "", "mesh 'lab' is not defined or not enabled; did you mean 'labs'?\n"),
            await RunAsync(folder, "token", "--mesh", "lab"));
        Assert.Equal("labs", $"{Claims((await RunAsync(folder, "token", "--mesh", "labs")).Output)["aud"]}");
    }

    [Fact]
    public async Task NoMesh_AndAMistake_AreSaid()
    {
        using var none = new ConfigFolder();
        Assert.Equal(new CommandLine(1, "", "the configuration has no enabled [mesh.NAME]\n"), await RunAsync(none, "token"));
        using var wrong = new ConfigFolder(ConfigFolder.WithUnknownReference);
        var run = await RunAsync(wrong, "check", "https://gateway.clinic-b.example/r4");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("config.toml(20,18): error: authentication 'clinc'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://gateway.clinic-b.example/r4")]
    [InlineData("https://GATEWAY.clinic-b.example:8443/r4/Patient/1?x=1")]
    public async Task Url_OfAMember_IsSaidWhose(string url)
    {
        using var folder = new ConfigFolder(Clinic);
        var run = await RunAsync(folder, "check", url);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("mesh 'clinics': remote ingress 'clinic-b', by https://gateway.clinic-b.example/r4", run.Lines[0]);
        Assert.Contains("  signed with HS256", run.Lines);
        Assert.DoesNotContain("planted", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://gateway.clinic-b.example/r40", "https://gateway.clinic-b.example/r40")]
    [InlineData("http://gateway.clinic-b.example/r4?secret=1", "http://gateway.clinic-b.example/r4")]
    [InlineData("https://clinic-b.example/r4", "https://clinic-b.example/r4")]
    public async Task Url_OfNobody_NamesThoseOfTheMesh(string url, string said)
    {
        using var folder = new ConfigFolder(Clinic);
        Assert.Equal(
            new CommandLine(
                1, $"{said} belongs to no mesh; these URLs do:\n  https://gateway.clinic-b.example/r4 (remote ingress 'clinic-b' of mesh 'clinics')\n", ""),
            await RunAsync(folder, "check", url));
    }

    [Theory]
    [InlineData("gateway.clinic-b.example/r4", "is not a URL of http or https")]
    [InlineData("ftp://gateway.clinic-b.example/r4", "is not a URL of http or https")]
    [InlineData("https://gateway.clinic-b.example/%00", "this path is not allowed in a request")]
    public async Task WhatIsNoUrl_IsSaidToBeNone(string url, string expected)
    {
        using var folder = new ConfigFolder(Clinic);
        var run = await RunAsync(folder, "check", url);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    /// <summary><c>harmony explain</c> shows each mesh, and what its references mean.</summary>
    [Fact]
    public async Task Explain_ShowsMeshes_AndWhatReferencesMean()
    {
        var references =
            Clinic.Replace("ingress = [\"clinic-b\"]", "ingress = [\"clinic-b\", \"region.cardiology.ingress.name.fhir\"]", StringComparison.Ordinal);
        using var folder = new ConfigFolder(references + "[provider.region]\npath = \"region\"\n");
        folder.Write("region/cardiology.toml", "[ingress.fhir]\nurls = [\"https://cardiology.example/r4\"]\n");
        var run = await CommandLine.RunAsync(folder, "explain", "-c", "FOLDER/config.toml");
        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith("""
            └── mesh 'clinics' (provider local)
                ├── tokens: mesh_id clinics, issuer clinics, good for 300 s
                ├── signed with HS256
                ├── verified with a shared secret (HS256)
                ├── ingress 'clinic-b': remote ingress 'clinic-b' (config.toml(6,1))
                │   └── https://gateway.clinic-b.example/r4
                └── ingress 'region.cardiology.ingress.name.fhir': ingress 'fhir' of provider 'region' (region/cardiology.toml(1,1))
                    └── https://cardiology.example/r4

            """, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", run.Output, StringComparison.Ordinal);

        var json = JsonNode.Parse((await CommandLine.RunAsync(folder, "explain", "--json", "-c", "FOLDER/config.toml")).Output)!;
        PageMembers.AssertDocumented(json);
        var reference = json["meshes"]![0]!["references"]![1]!;
        Assert.Equal("ingress 'fhir' of provider 'region'", $"{reference["meaning"]}");
        Assert.Null(reference["resolved_at"]);
    }
}
