using Harmony.Core.Envelope;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Envelope;

public class EnvelopeTests
{
    [Fact]
    public void QueryParams_QueryChanged_AreReadAnew()
    {
        var request = Requests.Get(query: "a=1");
        Assert.Equal("1", request.QueryParams["a"][0]);
        request.Query = "a=2";
        Assert.Equal("2", request.QueryParams["a"][0]);
    }

    [Fact]
    public void Feature_Offered_IsFoundByItsTypeAlone()
    {
        var request = Requests.Get();
        Assert.Null(request.Feature<Disposal>());
        var feature = new Disposal();
        request.SetFeature(feature);
        Assert.Same(feature, request.Feature<Disposal>());
        Assert.Null(request.Feature<string>());
    }

    [Fact]
    public void Target_Untouched_ChangesNothing()
    {
        Assert.Null(Requests.Get().Target);
        var target = new TargetDetails();
        Assert.Equal((null, null, null, null), (target.BaseUrl, target.Method, target.Path, target.Query));
        Assert.Empty(target.Headers);
        Assert.Empty(target.Metadata);
    }

    [Fact]
    public void Target_Headers_GrowFromNothing()
    {
        var target = new TargetDetails();
        target.Headers.Set("x", "1");
        target.Metadata["dimse_op"] = "find";
        Assert.Equal("1", target.Headers["X"]);
        Assert.False(target.Metadata.ContainsKey("DIMSE_OP"));
    }

    [Fact]
    public async Task Response_WithoutSource_IsDisposedInSilence()
    {
        await using var response = new ResponseEnvelope(Requests.Get(), 204);
        Assert.True(response.Body.IsEmpty);
        Assert.Empty(response.Headers);
        Assert.Same(response.Headers, response.Headers);
        Assert.Same(response.Body, response.Body);
    }

    [Fact]
    public void Response_WithHeadersAndBodyGiven_AllocatesNoOthers()
    {
        var (request, headers, body) = (Requests.Get(), new HeaderFields(), Body.Empty());
        _ = new ResponseEnvelope(request, 200) { Headers = headers, Body = body };
        var before = GC.GetAllocatedBytesForCurrentThread();
        var response = new ResponseEnvelope(request, 200) { Headers = headers, Body = body };
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 128);
        Assert.Same(body, response.Body);
    }
}
