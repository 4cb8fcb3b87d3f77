using Harmony.Testing;

namespace Harmony.Imaging.Tests.Services.DicomScu;

public sealed class DicomScuOptionsTests
{
    private const string Sound = "aet = \"PACS\"\nhost = \"pacs\"\nport = 104\n";

    [Theory]
    [InlineData("host = \"pacs\"\nport = 104", "backend 'b' does not say which AE title it asks; give options.aet")]
    [InlineData("aet = \"\"\nhost = \"pacs\"\nport = 104", "'aet' of [backends.b.options] must not be empty")]
    [InlineData("aet = \"ABCDEFGHIJKLMNOPQ\"\nhost = \"pacs\"\nport = 104",
        "(4,7): error: 'aet' must be an AE title: 1 to 16 characters of ASCII, without backslash; this one has 17")]
    [InlineData("aet = \"A\\\\B\"\nhost = \"pacs\"\nport = 104", "(4,7): error: 'aet' must be an AE title")]
    [InlineData(Sound + "local_aet = \"   \"", "(7,13): error: 'local_aet' must be an AE title")]
    [InlineData("aet = \"PACS\"\nport = 104", "backend 'b' does not say where to send; give it 'target_ref', a 'connection' with a host, or options.host")]
    [InlineData("aet = \"PACS\"\nhost = \"pacs\"", "backend 'b' does not say which port; give options.port, or 'port' of its connection")]
    [InlineData("aet = \"PACS\"\nhost = \"pa cs\"\nport = 104", "(5,8): error: 'pa cs' is not a host name or an IP address")]
    [InlineData("aet = \"PACS\"\nhost = \"pacs\"\nport = 0", "'port' of [backends.b.options] must be")]
    [InlineData(Sound + "max_pdu = 1000", "'max_pdu' of [backends.b.options] must be")]
    [InlineData(Sound + "dimse_retrieve_mode = \"fetch\"", "(7,23): error: 'dimse_retrieve_mode' of [backends.b.options]")]
    [InlineData(Sound + "incoming_store_address = \"everywhere\"", "'incoming_store_address' must be an IP address or localhost, not 'everywhere'")]
    [InlineData(Sound + "tls = { ca_cert_path = \"missing.pem\" }", "cannot read 'missing.pem'")]
    [InlineData(Sound + "use_tls = false\ntls = { ca_cert_path = \"missing.pem\" }", "warning: 'ca_cert_path' has no effect without 'use_tls'")]
    public async Task Mistake_IsSaidAtItsPlace(string options, string expected)
    {
        var problems = await BackendConfig.ProblemsAsync($"[backends.b]\nservice = \"dicom_scu\"\n[backends.b.options]\n{options}\n");
        Assert.Contains(problems, p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Target_OfHttp_IsAnError()
    {
        var problems = await BackendConfig.ProblemsAsync("[backends.b]\nservice = \"dicom\"\ntarget_ref = \"t\"\noptions.aet = "
            + "\"PACS\"\n[targets.t.connection]\nhost = \"h\"\nport = 80\nprotocol = \"http\"");
        Assert.Equal(["(8,12): error: backend 'b' speaks DICOM; its target is of protocol 'http'"], problems);
    }

    [Theory]
    [InlineData("options.host = \"own\"\noptions.port = 11112", "t dicom://PACS@own:11112")]
    [InlineData("", "t dicom://PACS@pacs.example.org:4242")]
    [InlineData("connection.host = \"::1\"", "t dicom://PACS@[::1]:4242")]
    [InlineData("options.use_tls = true", "t dicom+tls://PACS@pacs.example.org:4242")]
    public async Task Address_OptionsGoOverConnectionOverTarget(string backend, string target)
        => Assert.Equal([target], await BackendConfig.TargetsAsync(
            $"[backends.b]\nservice = \"dicom\"\ntarget_ref = \"t\"\noptions.aet = \"PACS\"\n{backend}\n[targets.t.connection]\nhost = "
                + $"\"pacs.example.org\"\nport = 4242\nprotocol = \"dicom\""));

    private const string Two = """
        [backends.b]
        service = "dicom_scu"
        targets = ["one", "two"]
        #options
        [targets.one]
        ae_title = "ONE"
        connection = { host = "one.example.org", port = 104, protocol = "dicom" }
        [targets.two]
        weight = 2
        connection = { host = "two.example.org", port = 105, protocol = "dicom" }

        """;

    [Fact]
    public async Task Targets_HaveTitlesOfTheirOwn()
    {
        Assert.Equal(["one dicom://ONE@one.example.org:104", "two dicom://PACS@two.example.org:105"],
            await BackendConfig.TargetsAsync(Two.Replace("#options", "options.aet = \"PACS\"", StringComparison.Ordinal)));
        Assert.Equal(
            ["one dicom://ONE@one.example.org:104", "two dicom://TWO@two.example.org:105"],
            await BackendConfig.TargetsAsync(Two.Replace("weight = 2", "ae_title = \"TWO\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "backend 'b' does not say which AE title target 'two' has; give the target an 'ae_title', or options.aet for all that have none")]
    [InlineData(
        "options = { aet = \"PACS\", host = \"pacs\" }", "(4,34): error: backend 'b' has several 'targets', which replace 'host'; keep one of them")]
    [InlineData(
        "options = { aet = \"PACS\", port = 104 }", "(4,34): error: backend 'b' has several 'targets', which replace 'port'; keep one of them")]
    [InlineData("options = { aet = \"PACS\", load_balancing = \"fair\" }", "(4,44): error: 'load_balancing' of [backends.b.options]")]
    public async Task Targets_Mistake_IsSaid(string options, string expected)
        => Assert.Contains(await BackendConfig.ProblemsAsync(Two.Replace("#options", options, StringComparison.Ordinal)),
            p => p.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public async Task Target_TitleTooLong_IsAnErrorAtItsPlace()
        => Assert.Contains(
            await BackendConfig.ProblemsAsync(Two.Replace("\"ONE\"", "\"ABCDEFGHIJKLMNOPQ\"", StringComparison.Ordinal)),
            p => p.StartsWith("(6,12): error: 'ae_title' must be an AE title", StringComparison.Ordinal));
}
