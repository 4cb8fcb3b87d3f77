using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Imaging.Tests.Services.DicomScp;

/// <summary>A configuration of the public Harmony Proxy does what its comments say, but for its ports and folders; Orthanc is the PACS that it names.</summary>
public sealed class ConformanceTests
{
    [DcmtkFact(OrthancPeer.Program, Shared = "conformance/examples/dicom-scp")]
    public async Task DicomScp_AcceptsDimseConnections()
    {
        var example = SharedFolder.PathOf("conformance/examples/dicom-scp");
        var work = Directory.CreateTempSubdirectory("harmony-conformance-").FullName;
        try
        {
            await using var pacs = await OrthancPeer.StartAsync("ORTHANC");
            string Ported(string text) => text.Replace("4242", $"{pacs.DicomPort}", StringComparison.Ordinal).Replace("./tmp", work, StringComparison.Ordinal);
            var main = Ported(await File.ReadAllTextAsync(Path.Combine(example, "config.toml")));
            var pipeline = Ported(await File.ReadAllTextAsync(Path.Combine(example, "pipelines", "dicom-scp.toml")));
            await using var gateway = await TestGateway.StartAsync(main, new Dictionary<string, string> { ["pipelines/dicom-scp.toml"] = pipeline });
            Task<DcmtkResult> RunAsync(string program, params string[] arguments)
                => DcmtkPeer.RunAsync(program, ["-v", "-aec", "HARMONY_SCP", "127.0.0.1", gateway.DicomAddress.Port.ToString(), .. arguments]);

            string[] study = ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3.1"];
            await pacs.ImportAsync(await TestObjects.WriteAsync(work, "1.2.3.4"));
            (await RunAsync("echoscu")).Succeeded();
            Assert.Contains("[P-1", (await RunAsync("findscu", [.. study, "-k", "PatientID"])).Succeeded().Output, StringComparison.Ordinal);
            var got = Directory.CreateDirectory(Path.Combine(work, "got")).FullName;
            (await RunAsync("getscu", [.. study, "-od", got])).Succeeded();
            Assert.Single(Directory.GetFiles(got));
            (await RunAsync("movescu", [.. study, "-aem", "ORTHANC"])).Succeeded(); // of its aet_table
            Assert.NotEqual(0, (await RunAsync("storescu", Path.Combine(work, "1.2.3.4.dcm"))).ExitCode); // enable_store is not set
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }
}
