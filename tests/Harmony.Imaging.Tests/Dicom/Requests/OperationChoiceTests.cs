using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Requests;

namespace Harmony.Imaging.Tests.Dicom.Requests;

public sealed class OperationChoiceTests
{
    /// <summary>Metadata of the target, then of the request, then the path, then the backend's way to retrieve.</summary>
    [Theory]
    [InlineData("http", "find", "get", "/echo", "Get", "Find")]
    [InlineData("http", null, "store", "/echo", "Get", "Store")]
    [InlineData("http", null, null, "/dicom/echo", "Get", "Echo")]
    [InlineData("http", null, null, "/find/", "Move", "Find")]
    [InlineData("http", null, null, "/move", "Get", "Move")]
    [InlineData("http", null, null, "/studies", "Move", "Move")]
    [InlineData("http", null, null, "/Find", "Get", "Get")]
    [InlineData("http", null, null, "", "Get", "Get")]
    [InlineData("dimse", null, "move", "", "Get", "Get")]
    [InlineData("dimse", null, "get", "", "Move", "Move")]
    [InlineData("dimse", null, "find", "", "Get", "Find")]
    [InlineData("dimse", "move", "get", "", "Get", "Move")]
    public void Operation_IsChosenByWhatSaysItFirst(string protocol, string? forTarget, string? ofRequest, string path, string retrieveMode, string expected)
    {
        using var request = Request(protocol, path);
        if (ofRequest is not null) request.Metadata["dimse_op"] = ofRequest;
        if (forTarget is not null) (request.Target = new TargetDetails()).Metadata["dimse_op"] = forTarget;
        Assert.Equal(expected, OperationChoice.Of(request, Enum.Parse<DimseOperation>(retrieveMode)).ToString());
    }

    [Fact]
    public void Operation_UnknownInMetadata_IsAFault()
    {
        using var request = Request("http", "/find");
        request.Metadata["dimse_op"] = "delete";
        Assert.Equal(FaultSource.Gateway, Assert.Throws<GatewayException>(() => OperationChoice.Of(request, DimseOperation.Get)).FaultSource);
    }

    private static RequestEnvelope Request(string protocol, string path) => new()
    {
        Protocol = protocol, Method = "POST", Path = path, PathBelowPrefix = path, Headers = new HeaderFields(), Body = Body.Empty(), RequestId = "1",
    };
}
