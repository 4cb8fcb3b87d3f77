using Harmony.Core.Envelope;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Envelope;

public class MetadataKeysTests
{
    [Theory]
    [InlineData("/api/ping", "/ping", "", "ping", "ping")]
    [InlineData("/api", "", "", "", "")]
    [InlineData("/api/", "/", "", "", "")]
    [InlineData("/api/ping", "/ping", "a=1&b=2", "ping", "ping?a=1&b=2")]
    [InlineData("/api", "", "a=1", "", "?a=1")]
    [InlineData("/a/b/c", "/b/c", "", "b/c", "b/c")]
    public void Metadata_OfARequest_HoldsItsPath(string full, string below, string query, string path, string pathWithQuery)
    {
        var metadata = Requests.Get(full, below, query).Metadata;
        Assert.Equal((path, pathWithQuery, full), (metadata[MetadataKeys.Path], metadata[MetadataKeys.PathWithQuery], metadata[MetadataKeys.FullPath]));
    }

    [Fact]
    public void Metadata_OfARequest_HoldsWhoAndHow()
    {
        var metadata = Requests.Get().Metadata;
        Assert.Equal("http", metadata[MetadataKeys.Protocol]);
        Assert.Equal("r1", metadata[MetadataKeys.RequestId]);
        Assert.Equal("10.0.0.1", metadata[MetadataKeys.RemoteAddr]);
        Assert.Equal("192.0.2.7", metadata[MetadataKeys.ClientIp]);
    }

    [Fact]
    public void Metadata_Names_TellCaseApart()
    {
        var request = Requests.Get();
        request.Metadata["StudyInstanceUID"] = "1.2";
        Assert.False(request.Metadata.ContainsKey("studyinstanceuid"));
    }

    [Fact]
    public void MetadataIfSet_NobodyLooked_CostsNothing()
    {
        var request = Requests.Get();
        Assert.Null(request.MetadataIfSet(MetadataKeys.SkipBackends));
        request.Metadata[MetadataKeys.SkipBackends] = "true";
        Assert.Equal("true", request.MetadataIfSet(MetadataKeys.SkipBackends));
    }
}
