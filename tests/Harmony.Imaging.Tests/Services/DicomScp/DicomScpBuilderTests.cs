using Harmony.Testing;

namespace Harmony.Imaging.Tests.Services.DicomScp;

public class DicomScpBuilderTests
{
    [Theory]
    [InlineData("local_aet = \"\"", "'local_aet'")]
    [InlineData("local_aet = \"SEVENTEEN_LETTERS\"", "'local_aet' must be an AE title: 1 to 16 characters of ASCII, without backslash; this one has 17")]
    [InlineData("enable_echo = false", "endpoint 'e' takes no operation")]
    [InlineData("port = 0", "'port'")]
    [InlineData("max_pdu = 16383", "'max_pdu'")]
    [InlineData("bind_addr = \"pacs.example.org\"", "endpoint 'e' must listen on an IP address or localhost, not 'pacs.example.org'")]
    [InlineData("accepted_sop_classes = [\"CTImageStorage\", \"CT\"]", "'CT' is neither a UID nor the keyword of a SOP class")]
    [InlineData("transfer_syntaxes = [\"JPEG\"]", "'JPEG' is neither a UID nor the keyword of a transfer syntax")]
    [InlineData("allowed_calling_aets = [\"A\\\\B\"]", "'allowed_calling_aets' must be an AE title")]
    [InlineData("tls = { cert_path = \"a.pem\" }", "needs the key 'key_path'")]
    [InlineData("aet_table.PACS = { port = 4242 }", "needs the key 'host'")]
    [InlineData("aet_table.PACS_OF_ANOTHER_HOSPITAL = { host = \"h\" }", "'ae_title' must be an AE title")]
    public async Task Options_ThatCannotBe_AreConfigurationErrors(string options, string expected)
    {
        var problems = await BackendConfig.ProblemsOfAsync(Config($"[endpoints.e]\nservice = \"dicom_scp\"\n[endpoints.e.options]\n{options}"));
        Assert.Contains(problems, p => p.Contains(": error: ", StringComparison.Ordinal) && p.Contains(expected, StringComparison.Ordinal));
    }

    /// <summary>An endpoint without its certificate stays closed, and the others serve.</summary>
    [Fact]
    public async Task Certificate_ThatCannotBeRead_IsAWarning()
    {
        var problems = await BackendConfig.ProblemsOfAsync(Config(
            "[endpoints.e]\nservice = \"dicom_scp\"\n[endpoints.e.options]\ntls = { cert_path = \"none.pem\", key_path = \"none.key\" }"));
        Assert.Contains(problems, p => p.Contains(": warning: cannot read the certificate 'none.pem'", StringComparison.Ordinal));
        Assert.DoesNotContain(problems, p => p.Contains(": error: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("accepted_sop_classes = [\"CTImageStorage\", \"1.2.3\"]\ntransfer_syntaxes = [\"JPEGLSLossless\", "
        + "\"1.2.840.10008.1.2\"]\nallowed_calling_aets = [\" CT 1 \"]")]
    [InlineData("storage_dir = \"x\"\nmax_pdu = 131072\naet_table.ORTHANC = { ae_title = \"ORTHANC\", host = \"localhost\", port = 4242 }")]
    public async Task Options_OfTheField_AreWithoutProblems(string options)
        => Assert.Empty(await BackendConfig.ProblemsOfAsync(Config($"[endpoints.e]\nservice = \"dicom_scp\"\n[endpoints.e.options]\n{options}")));

    [Theory]
    [InlineData("", "", "", "0.0.0.0:11112")]
    [InlineData("tcp_config.bind_address = \"127.0.0.1\"", "", "", "127.0.0.1:11112")]
    [InlineData("tcp_config.bind_address = \"127.0.0.1\"", "", "connection = { host = \"127.0.0.2\", port = 104 }", "127.0.0.2:104")]
    [InlineData("", "port = 105\nbind_addr = \"127.0.0.3\"", "connection = { host = \"127.0.0.2\", port = 104 }", "127.0.0.3:105")]
    [InlineData("", "port = 105\nconnection.host = \"127.0.0.4\"", "connection = { port = 104 }", "127.0.0.4:105")]
    public async Task Listener_OfSeveralPlacesThatSayWhere_TheMostSpecialCounts(string network, string options, string endpoint, string expected)
    {
        await using var gateway = await TestGateway.StartAsync($"""
            [proxy]
            name = "test"
            primary_provider = "local"
            [network.main]
            {network}
            [pipelines.p]
            networks = ["main"]
            endpoints = ["e"]
            [peers.modality]
            connection = {"{"} host = "127.0.0.9", port = 109, protocol = "dicom" {"}"}
            [endpoints.e]
            service = "dicom_scp"
            {endpoint}
            [endpoints.e.options]
            {options}
            """);
        var binding = Assert.Single(gateway.Snapshot.Modules.Adapters.SelectMany(a => a.BindingsOf(gateway.Snapshot)));
        Assert.Equal($"dicom://{expected}", binding.Url);
    }

    [Theory]
    [InlineData("port = 104", "port = 104", "both have the AE title 'HARMONY_SCP'")]
    [InlineData("port = 104\nrequire_called_aet = false", "port = 104\nlocal_aet = \"B\"\nrequire_called_aet = false", "both take every AE title")]
    [InlineData("port = 104\nbind_addr = \"127.0.0.1\"", "port = 104\nlocal_aet = \"B\"", "endpoints share a port on one address of one network")]
    [InlineData("port = 104", "port = 104\nlocal_aet = \"B\"", null)]
    [InlineData("port = 104", "port = 105", null)]
    public async Task TwoEndpoints_ThatCannotBeToldApart_AreAConfigurationError(string first, string second, string? expected)
    {
        var problems = await BackendConfig.ProblemsOfAsync($"""
            [proxy]
            name = "test"
            primary_provider = "local"
            [network.main]
            tcp_config.bind_address = "0.0.0.0"
            [pipelines.p]
            networks = ["main"]
            endpoints = ["e", "f"]
            [endpoints.e]
            service = "dicom_scp"
            [endpoints.e.options]
            {first}
            [endpoints.f]
            service = "dicom_scp"
            [endpoints.f.options]
            {second}
            """);
        if (expected is null) Assert.Empty(problems);
        else Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_OnThePortOfAnHttpListener_IsAConfigurationErrorThatNamesBoth()
    {
        var problems = await BackendConfig.ProblemsOfAsync("""
            [proxy]
            name = "test"
            primary_provider = "local"
            [network.main.tcp_config]
            bind_address = "0.0.0.0"
            bind_port = 11112
            [pipelines.p]
            networks = ["main"]
            endpoints = ["e", "web"]
            [endpoints.e]
            service = "dicom_scp"
            [endpoints.web]
            service = "http"
            options.path_prefix = "/"
            """);
        Assert.Contains("a dicom_scp endpoint of network 'main' cannot bind 0.0.0.0:11112, because network 'main' binds 0.0.0.0:11112", Assert.Single(problems),
            StringComparison.Ordinal);
    }

    /// <summary>Objects of moves come in at a port of the gateway's, too.</summary>
    [Theory]
    [InlineData(
        "incoming_store_port = 11112", "backend 'pacs' cannot listen on 0.0.0.0:11112, because a dicom_scp endpoint of network 'main' binds 127.0.0.1:11112")]
    [InlineData("incoming_store_port = 8080", "backend 'pacs' cannot listen on 0.0.0.0:8080, because network 'main' binds 127.0.0.1:8080")]
    [InlineData("incoming_store_port = 8080\nincoming_store_address = \"127.0.0.2\"", null)]
    [InlineData("incoming_store_port = 11199", null)]
    public async Task Check_IncomingStorePort_IsOneOfThePortsThatAreListenedOn(string port, string? expected)
    {
        var problems = await BackendConfig.ProblemsOfAsync($"""
            [proxy]
            name = "test"
            primary_provider = "local"
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            bind_port = 8080
            [pipelines.p]
            networks = ["main"]
            endpoints = ["e", "web"]
            backends = ["pacs"]
            [endpoints.e]
            service = "dicom_scp"
            options.bind_addr = "127.0.0.1"
            [endpoints.web]
            service = "http"
            options.path_prefix = "/"
            [backends.pacs]
            service = "dicom_scu"
            [backends.pacs.options]
            host = "127.0.0.1"
            port = 104
            aet = "PACS"
            {port}
            """);
        if (expected is null) Assert.DoesNotContain(problems, p => p.Contains("cannot listen on", StringComparison.Ordinal));
        else Assert.Contains(problems, p => p.Contains("error: " + expected, StringComparison.Ordinal));
    }

    private static string Config(string endpoint) => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main]
        tcp_config.bind_address = "0.0.0.0"
        [pipelines.p]
        networks = ["main"]
        endpoints = ["e"]
        {endpoint}
        """;
}
