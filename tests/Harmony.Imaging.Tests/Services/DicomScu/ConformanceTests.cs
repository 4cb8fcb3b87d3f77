using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Imaging.Tests.Services.DicomScu;

/// <summary>An example of the public Harmony Proxy does what its comments say, but for its ports.</summary>
public sealed class ConformanceTests
{
    [OrthancFact(Shared = "conformance/examples/dicom-backend")]
    public async Task DicomBackend_HttpRequestsTriggerDimseOperations()
    {
        var example = SharedFolder.PathOf("conformance/examples/dicom-backend");
        var port = FreePort.Take();
        await using var pacs = await OrthancPeer.StartAsync("ORTHANC", ("HARMONY_SCU", port));
        string Ported(string text) => text.Replace("4242", $"{pacs.DicomPort}", StringComparison.Ordinal).Replace("11112", $"{port}", StringComparison.Ordinal);
        var work = Directory.CreateTempSubdirectory("harmony-conformance-").FullName;
        try
        {
            var main = Ported(await File.ReadAllTextAsync(Path.Combine(example, "config.toml")))
                .Replace("path = \"./tmp\"", $"path = \"{work}\"", StringComparison.Ordinal);
            var pipeline = Ported(await File.ReadAllTextAsync(Path.Combine(example, "pipelines", "dicom-backend.toml")));
            await using var gateway = await TestGateway.StartAsync(main, new Dictionary<string, string> { ["pipelines/dicom-backend.toml"] = pipeline });
            using var client = TestClient.Http1(gateway.UrlOf("http_net"));
            async Task<string> AskAsync(string path, HttpContent content)
            {
                using var answer = await client.PostAsync(path, content, Guard.Token);
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
                return text;
            }

            Assert.Contains("\"remote_aet\":\"ORTHANC\"", await AskAsync("/echo", new StringContent("{}")), StringComparison.Ordinal);
            await AskAsync("/store", ObjectContent.Single(await ObjectContent.FileAsync("1.5.1.1")));
            Assert.Contains("\"Doe^Jane\"", await AskAsync(
                "/find", new StringContent("""{"00100010":{"vr":"PN"},"0020000D":{"vr":"UI"}}""", null, "application/json")), StringComparison.Ordinal);
            foreach (var operation in new[] { "get", "move" })
            {
                var retrieved = await AskAsync("/" + operation, new StringContent("""{"0020000D":{"vr":"UI","Value":["1.5"]}}""", null, "application/json"));
                Assert.Contains($"\"operation\":\"{operation}\"", retrieved, StringComparison.Ordinal);
                Assert.Contains($"\"folder_path\":\"{Path.Combine(work, "dimse")}/", retrieved, StringComparison.Ordinal);
            }

            Assert.Equal(2, Directory.GetDirectories(Path.Combine(work, "dimse")).Length);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }
}
