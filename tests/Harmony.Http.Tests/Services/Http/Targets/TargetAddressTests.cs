using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Targets;

public class TargetAddressTests
{
    [Theory]
    [InlineData("base_url = \"http://a.example:81/v1/\"", "http://a.example:81/v1/")]
    [InlineData("url = \"https://a.example\"", "https://a.example/")]
    [InlineData("base_url = \"http://[::1]:81\"", "http://[::1]:81/")]
    public async Task Options_GiveUrl_RequestsGoThere(string options, string expected)
        => Assert.Equal([expected], await BackendConfig.TargetsAsync($"[backends.b]\nservice = \"http\"\n[backends.b.options]\n{options}"));

    [Theory]
    [InlineData("host = \"a.example\"", "http://a.example/")]
    [InlineData("host = \"a.example\"\nport = 8080", "http://a.example:8080/")]
    [InlineData("host = \"a.example\"\nprotocol = \"https\"", "https://a.example/")]
    [InlineData("host = \"a.example\"\nprotocol = \"https\"\nport = 8443\nbase_path = \"fhir/r4/\"", "https://a.example:8443/fhir/r4")]
    [InlineData("host = \"a.example\"\nprotocol = \"h3\"", "https://a.example/")]
    [InlineData("host = \"a.example\"\nprotocol = \"fhir\"", "http://a.example/")]
    [InlineData("host = \"10.0.0.1\"\ntype = \"http\"\nport = 81", "http://10.0.0.1:81/")]
    [InlineData("host = \"::1\"\nport = 81", "http://[::1]:81/")]
    [InlineData("host = \"[2001:db8::1]\"", "http://[2001:db8::1]/")]
    [InlineData("host = \"https://a.example\"", "https://a.example/")]
    [InlineData("host = \"https://a.example/x/\"\nport = 81\nbase_path = \"/y\"", "https://a.example:81/x/y")]
    [InlineData("host = \"https://a.example\"\nprotocol = \"http\"", "https://a.example/")]
    public async Task Connection_GivesHost_RequestsGoThere(string connection, string expected)
        => Assert.Equal([expected], await BackendConfig.TargetsAsync($"[backends.b]\nservice = \"http\"\n[backends.b.connection]\n{connection}"));

    [Theory]
    [InlineData("[targets.t]\nurl = \"https://a.example/x\"", "t https://a.example/x")]
    [InlineData("[targets.t]\nbase_url = \"https://a.example/x\"", "t https://a.example/x")]
    [InlineData("[targets.t]\nprotocol = \"https\"\nconnection.host = \"a.example\"", "t https://a.example/")]
    [InlineData("[targets.t]\nprotocol = \"https\"\n[targets.t.connection]\nhost = \"a.example\"\nprotocol = \"http\"", "t http://a.example/")]
    public async Task TargetRef_GivesAddress_RequestsGoThere(string target, string expected)
    {
        Assert.Equal([expected], await BackendConfig.TargetsAsync($"{target}\n[backends.b]\nservice = \"http\"\ntarget_ref = \"t\""));
        Assert.Equal([expected], await BackendConfig.TargetsAsync($"{target}\n[backends.b]\nservice = \"http\"\ntarget_ref = \"targets.t\""));
    }

    [Fact]
    public async Task Targets_SeveralListed_AllGetRequestsInTheirOrder()
        => Assert.Equal(["t0 http://a.example/", "t1 http://b.example/"],
            await BackendConfig.TargetsAsync(BackendConfig.Sharing([new Uri("http://a.example"), new Uri("http://b.example")])));

    [Theory]
    [InlineData("options.base_url = \"http://o.example\"\nconnection.host = \"c.example\"\ntarget_ref = \"t\"", "t http://o.example/")]
    [InlineData("connection.host = \"c.example\"\ntarget_ref = \"t\"", "t http://c.example:82/")]
    [InlineData("connection.base_path = \"own\"\ntarget_ref = \"t\"", "t http://t.example:82/own")]
    [InlineData("connection.port = 83\ntarget_ref = \"t\"", "t http://t.example:83/theirs")]
    public async Task Backend_SaysMoreThanTarget_OptionsGoOverConnectionOverTarget(string backend, string expected)
        => Assert.Equal([expected], await BackendConfig.TargetsAsync($"""
            [targets.t.connection]
            host = "t.example"
            port = 82
            base_path = "theirs"
            [backends.b]
            service = "http"
            {(expected.Contains("c.example") ? "connection.base_path = \"\"" : "")}
            {backend}
            """));

    [Theory]
    [InlineData("host = \"c.example\"", "t http://c.example/")]
    [InlineData("port = 83", "t http://t.example:83/x")]
    [InlineData("protocol = \"https\"", "t https://t.example/x")]
    [InlineData("base_path = \"y\"", "t http://t.example/y")]
    public async Task Connection_OverUrlOfTarget_CompletesIt(string connection, string expected)
        => Assert.Equal([expected], await BackendConfig.TargetsAsync(
            $"[targets.t]\nurl = \"http://t.example/x\"\n[backends.b]\nservice = \"http\"\ntarget_ref = \"t\"\n[backends.b.connection]\n{connection}"));

    [Theory]
    [InlineData("", "(1,1): error: backend 'b' does not say where to send; give it 'target_ref', a 'connection' with a host, or options.base_url")]
    [InlineData("options.base_url = \"ftp://a\"", "(3,20): error: 'ftp://a' is not a URL of http or https, such as http://127.0.0.1:8080/api")]
    [InlineData("options.base_url = \"a.example\"", "(3,20): error: 'a.example' is not a URL of http or https, such as http://127.0.0.1:8080/api")]
    [InlineData("options.base_url = \"\"", "(3,20): error: 'base_url' of [backends.b.options] must not be empty")]
    [InlineData("options.base_url = \"http://a?b=c\"", "(3,20): error: the URL of 'b' may end in a path, but not in a query or fragment")]
    [InlineData("options.base_url = \"http://me:secret@a\"", "(3,20): error: the URL of 'b' contains a user name; put it into an [authentications.*] table")]
    [InlineData(
        "options.base_url = \"httq://me:secret@a\"", "(3,20): error: what is given here is not a URL of http or https, such as http://127.0.0.1:8080/api")]
    [InlineData("connection.host = \"a:80\"", "(3,19): error: 'a:80' is not a host name, an IP address or a URL; a port goes into 'port'")]
    [InlineData("connection.host = \"a/b\"", "(3,19): error: 'a/b' is not a host name, an IP address or a URL; a path goes into 'base_path'")]
    [InlineData("connection.host = \"me:secret@a\"",
        "(3,19): error: what is given here is not a host name, an IP address or a URL; credentials go into an [authentications.*] table")]
    [InlineData("connection = { host = \"a\", base_path = \"x?y\" }", "(3,40): error: 'base_path' is a path only, without a query or fragment")]
    [InlineData("connection = { host = \"a\", protocol = \"dicom\" }", "(3,39): error: backend 'b' speaks HTTP; its target is of protocol 'dicom'")]
    [InlineData("target_ref = \"nobody\"",
        "(3,14): warning: target 'nobody' is not defined; requests for backend 'b' get 503; it needs a table [targets.nobody]")]
    [InlineData("targets = [\"nobody\"]",
        "(3,12): warning: target 'nobody' is not defined; requests for backend 'b' get 503; it needs a table [targets.nobody]")]
    [InlineData("options = { base_url = \"http://a\", path_prefix = \"x#y\" }", "(3,50): error: 'path_prefix' is a path only, without a query or fragment")]
    public async Task Address_Nonsense_IsOneErrorAtItsPlace(string backend, string expected)
        => Assert.Equal([expected], await BackendConfig.ProblemsAsync($"[backends.b]\nservice = \"http\"\n{backend}"));

    [Theory]
    [InlineData("target_ref = \"t\", targets = [\"t\"]", "gives both 'target_ref' and 'targets'; keep one")]
    [InlineData("targets = [\"t\", \"t\"]", "names a target twice; give the target a 'weight' instead")]
    [InlineData("targets = [\"t\", \"u\"], options.base_url = \"http://c\"", "has 'targets', so a base URL of its own makes no sense; keep one")]
    public async Task Targets_Contradiction_IsOneError(string backend, string expected)
        => Assert.EndsWith(expected, Assert.Single(await BackendConfig.ProblemsAsync($$"""
            [targets]
            t.url = "http://a"
            u.url = "http://b"
            [backends]
            b = { service = "http", {{backend}} }
            """)));

    [Fact]
    public async Task Target_UrlAndConnection_IsAnError()
        => Assert.Equal(["(2,7): error: target 't' gives both 'url' and 'connection.host'; keep one"],
            await BackendConfig.ProblemsAsync(
                "[targets.t]\nurl = \"http://a\"\nconnection.host = \"b\"\n[backends.b]\nservice = \"http\"\ntarget_ref = \"t\""));

    [Fact]
    public async Task Target_NotEnabled_GetsNoRequests()
    {
        const string Two = "[targets.t]\nenabled = false\nurl = \"http://a\"\n[targets.u]\nurl = \"http://b\"\n[backends.b]\nservice = \"http\"\n";
        Assert.Equal(["u http://b/"], await BackendConfig.TargetsAsync(Two + "targets = [\"t\", \"u\"]"));
        Assert.Empty(await BackendConfig.TargetsAsync(Two + "target_ref = \"t\""));
        Assert.Equal(
            ["(8,11): warning: target 't' is not enabled, so requests for backend 'b' get 503"],
            await BackendConfig.ProblemsAsync(Two + "targets = [\"t\"]"));
    }
}
