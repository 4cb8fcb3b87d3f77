using Harmony.Testing;

namespace Harmony.Mesh.Tests.Providers;

/// <summary>What references mean: tables of the configuration, and what a folder of files holds.</summary>
public sealed class FileProviderTests
{
    private static string Config(params string[] ingress) => $"""
        [proxy]
        name = "clinic"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [provider.region]
        path = "region"
        [mesh.clinics]
        type = "http"
        provider = "local"
        jwt_secret = "a-mesh-secret-of-32-bytes-or-more"
        ingress = [{string.Join(", ", ingress.Select(i => $"\"{i}\""))}]
        [remote_ingress.near]
        urls = ["https://near.example"]
        """;

    private static Dictionary<string, string> Folder(string cardiology = "", string radiology = "") => new()
    {
        ["region/cardiology.toml"] = "[ingress.fhir]\nid = \"c-7\"\nurls = [\"https://cardiology.example/r4\"]\naudience = \"cardiology\"\n" + cardiology,
        ["region/radiology.toml"] = "[ingress.images]\nurls = [\"https://radiology.example/dicom\"]\n[egress.out]\n" + radiology,
    };

    [Theory]
    [InlineData("near", "remote ingress 'near'", "https://near.example")]
    [InlineData("local.name.near", "remote ingress 'near'", "https://near.example")]
    [InlineData("region.cardiology.ingress.name.fhir", "ingress 'fhir' of provider 'region'", "https://cardiology.example/r4")]
    [InlineData("region.cardiology.ingress.id.c-7", "ingress 'fhir' of provider 'region'", "https://cardiology.example/r4")]
    [InlineData("region.cardiology.id.c-7", "ingress 'fhir' of provider 'region'", "https://cardiology.example/r4")]
    [InlineData("region.id.c-7", "ingress 'fhir' of provider 'region'", "https://cardiology.example/r4")]
    [InlineData("region.radiology.ingress.name.old", "ingress 'fhir' of provider 'region'", "https://cardiology.example/r4")]
    public async Task Reference_Resolves(string reference, string meaning, string url)
    {
        var files = Folder(radiology: "[ingress.old]\nref = \"region.cardiology.ingress.name.fhir\"\n");
        await using var gateway = await TestGateway.StartAsync(Config(reference), files);
        var resolved = Assert.Single(Assert.Single(gateway.Snapshot.Meshes!.Models).References);
        Assert.Equal((meaning, url), (resolved.Meaning, Assert.Single(resolved.Urls)));
        Assert.Contains(".toml(", resolved.Origin, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "region.cardiology.ingress.name.fhr", "", "has no ingress 'fhr'; did you mean 'fhir'?" },
        { "region.cardio.ingress.name.fhir", "", "has no team 'cardio'; did you mean 'cardiology'?" },
        { "region.radiology.egress.name.out", "", "has egress 'out' there, and not an ingress" },
        { "region.id.c-8", "", "has no definition with the id 'c-8'; did you mean 'c-7'?" },
        { "region.cardiology.ingress.name.a",
            "[ingress.a]\nref = \"region.cardiology.ingress.name.b\"\n[ingress.b]\nref = \"region.cardiology.ingress.name.a\"\n",
            "leads round in a circle: cardiology.ingress.name.a → cardiology.ingress.name.b → cardiology.ingress.name.a" },
        { "region.cardiology.ingress.name.a", "[ingress.a]\nref = \"region.cardiology.ingress.name.a\"\n", "leads round in a circle" },
        { "region.cardiology.ingress.name.a", "[ingress.a]\nref = \"else.cardiology.ingress.name.a\"\n", "of another provider" },
        { "region.cardiology.ingress.name.a", "[ingress.a]\nref = \"nonsense.x\"\n", "leads to 'nonsense.x', which has 2 parts" },
        { "region.cardiology.ingress.name.fhir", "[ingress.a]\nurl = [\"https://a.example\"]\n", "did you mean 'urls'?" },
        { "region.cardiology.ingress.name.fhir", "[ingress.a]\n", "ingress 'a' has no 'urls'" },
        { "region.cardiology.ingress.name.fhir", "[ingres.a]\n", "did you mean 'ingress'?" },
        { "region.cardiology.ingress.name.fhir", "broken", "cardiology.toml(5," },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Mistake_IsToldWithItsPlace(string reference, string more, string expected)
    {
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => TestGateway.StartAsync(Config(reference), Folder(more)));
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_ThatIsNotThere_IsTold()
    {
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => TestGateway.StartAsync(Config("region.id.x")));
        Assert.Contains("the folder 'region' of provider 'region' is not there", mistake.Message, StringComparison.Ordinal);
    }
}
