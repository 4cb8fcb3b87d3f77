using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

public sealed class HttpAdapterTests
{
    [Theory]
    [InlineData("bind_port = 8080", true)]
    [InlineData("bind_port = 8080\nbind_address = '0.0.0.0'", false)]
    [InlineData("bind_port = 8080\nbind_address = '127.0.0.1'", false)]
    public async Task Network_OnEveryInterfaceOnlyBecauseNobodySaidOtherwise_IsAWarning(string tcp, bool isWarned)
    {
        var problems = await BackendConfig.ProblemsOfAsync($"""
            [network.main.tcp_config]
            {tcp}
            [proxy]
            name = "test"
            primary_provider = "local"
            [pipelines.p]
            networks = ["main"]
            endpoints = ["all"]
            backends = ["b"]
            [endpoints.all]
            service = "http"
            options.path_prefix = "/"
            [backends.b]
            service = "echo"
            """);
        var said = problems.Where(p => p.Contains("every interface", StringComparison.Ordinal));
        if (!isWarned) Assert.Empty(said);
        else
        {
            Assert.Equal(
                "(1,1): warning: network 'main' listens on every interface, because 'bind_address' is not given; write bind_address = \"0.0.0.0\" if that is "
                    + "meant, else \"127.0.0.1\" or an address of this machine",
                Assert.Single(said));
        }
    }
}
