using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Query;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Tests.Dicom;

public sealed class DimseCallTests
{
    private static readonly DimseCall Query = new()
    {
        Operation = DimseOperation.Find, Level = QueryLevel.Series, MaxResults = 7, SopClassUid = "1.2.3", MoveDestination = "WS"
    };

    [Fact]
    public void Of_CallOfAnEndpoint_IsThatCallAndItsViewIsInTheMetadata()
    {
        using var request = Request();
        Query.AddTo(request);
        Assert.Equal(Query, DimseCall.Of(request));
        string[] shown = ["operation", "dicom.operation", "dimse_op", "dicom.query_level", "dicom.max_results", "sop_class_uid", "move_destination"];
        Assert.Equal(["C-FIND", "C-FIND", "find", "SERIES", "7", "1.2.3", "WS"], shown.Select(k => request.Metadata[k]));
        Assert.False(request.Metadata.ContainsKey("query_level")); // what specs set
    }

    [Fact]
    public void Of_KeysThatAStepSets_ChangeTheCall()
    {
        using var request = Request();
        Query.AddTo(request);
        (request.Metadata["dimse_op"], request.Metadata["dicom.max_results"], request.Metadata["sop_class_uid"]) = ("get", "100", "1.2.4");
        request.Metadata["dicom.query_level"] = "patient";
        var expected = Query with { Operation = DimseOperation.Get, MaxResults = 100, SopClassUid = "1.2.4", Level = QueryLevel.Patient };
        Assert.Equal(expected, DimseCall.Of(request));

        request.Metadata["query_level"] = "STUDY";
        Assert.Equal(QueryLevel.Study, DimseCall.Of(request).Level);
        (request.Target = new TargetDetails()).Metadata["query_level"] = "image";
        Assert.Equal(QueryLevel.Image, DimseCall.Of(request).Level);
    }

    /// <summary>Metadata that vanish change nothing: they are the view, not the call.</summary>
    [Fact]
    public void Of_KeysThatAStepRemoves_StayAsTheEndpointSaid()
    {
        using var request = Request();
        Query.AddTo(request);
        request.Metadata.Clear();
        Assert.Equal(Query, DimseCall.Of(request));
    }

    [Fact]
    public void Of_RequestOfAnotherProtocol_IsWhatStepsSet()
    {
        using var request = Request();
        Assert.Equal(new DimseCall(), DimseCall.Of(request));
        (request.Metadata["dimse_op"], request.Metadata["dicom.max_results"]) = ("echo", "0");
        Assert.Equal(new DimseCall { Operation = DimseOperation.Echo }, DimseCall.Of(request));
    }

    [Theory]
    [InlineData("dimse_op", "delete")]
    [InlineData("dicom.query_level", "FRAME")]
    [InlineData("query_level", "FRAME")]
    [InlineData("dicom.max_results", "-1")]
    [InlineData("dicom.max_results", "many")]
    public void Of_ValueThatCannotBe_IsAFaultThatNamesTheKey(string key, string value)
    {
        using var request = Request();
        request.Metadata[key] = value;
        var fault = Assert.Throws<GatewayException>(() => DimseCall.Of(request));
        Assert.Equal((FaultSource.Gateway, FaultKind.Internal), (fault.FaultSource, fault.Kind));
        Assert.Contains($"'{key}'", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, fault.Message, StringComparison.Ordinal);
    }

    private static RequestEnvelope Request()
        => new() { Protocol = "http", Method = "POST", Path = "/", Headers = new HeaderFields(), Body = Body.Empty(), RequestId = "1" };
}
