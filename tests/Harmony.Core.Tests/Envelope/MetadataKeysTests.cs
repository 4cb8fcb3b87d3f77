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

    [Fact]
    public void Metadata_OfAFeature_IsWrittenWhenSomebodyLooks_AndClaimsStandOverIt()
    {
        var (early, late) = (new Source("early"), new Source("late"));
        var request = Requests.Get();
        request.Identify(new Identity("jwt", "ann") { Claims = new Dictionary<string, string>(StringComparer.Ordinal) { ["who"] = "ann" } });
        request.SetFeature(early);
        Assert.Equal(0, early.Asked);
        Assert.Equal(("early", "ann"), (request.Metadata["said"], request.Metadata["who"]));
        Assert.Equal(1, early.Asked);
        request.SetFeature<object>(late);
        Assert.Equal(("late", "ann"), (request.Metadata["said"], request.Metadata["who"]));
    }

    private sealed class Source(string said) : IMetadataSource
    {
        public int Asked { get; private set; }

        public void Describe(RequestEnvelope request, IDictionary<string, string> metadata)
        {
            Asked++;
            (metadata["said"], metadata["who"]) = (said, "a feature");
        }
    }
}
