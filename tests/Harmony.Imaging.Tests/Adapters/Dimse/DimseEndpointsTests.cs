using Harmony.Testing;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

public sealed class DimseEndpointsTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "bind_addr = '0.0.0.0'", false)]
    [InlineData("tcp_config.bind_address = '127.0.0.1'", "", false)]
    [InlineData("tcp_config.bind_port = 8080", "", true)]
    public async Task Endpoint_OnEveryInterfaceOnlyBecauseNobodySaidOtherwise_IsAWarning(string network, string options, bool isWarned)
    {
        var problems = await BackendConfig.ProblemsOfAsync($"""
            [network.main]
            {network}
            [proxy]
            name = "test"
            primary_provider = "local"
            [pipelines.p]
            networks = ["main"]
            endpoints = ["scp"]
            backends = ["b"]
            [endpoints.scp]
            service = "dicom_scp"
            [endpoints.scp.options]
            local_aet = "HARMONY"
            {options}
            [backends.b]
            service = "echo"
            """);
        Assert.Equal(isWarned, problems.Any(
            p => p.Contains("warning: endpoint 'scp' of pipeline 'p' listens on every interface, because 'bind_addr' is not given", StringComparison.Ordinal)));
        Assert.DoesNotContain(problems, p => p.Contains("error", StringComparison.Ordinal));
    }
}
