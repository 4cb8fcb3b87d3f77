using System.Text.Json.Nodes;
using Harmony.Imaging.Middleware.DicomFlatten;

namespace Harmony.Imaging.Tests.Middleware.DicomFlatten;

public sealed class FlatDataSetTests
{
    [Theory]
    [InlineData("""{"00100020":{"vr":"LO","Value":["P-1"]}}""", """{"00100020":"P-1"}""")]
    [InlineData("""{"00080061":{"vr":"CS","Value":["CT","MR"]}}""", """{"00080061":["CT","MR"]}""")]
    [InlineData("""{"00100010":{"vr":"PN","Value":[{"Alphabetic":"Doe^John"}]}}""", """{"00100010":"Doe^John"}""")]
    [InlineData("""{"00080050":{"vr":"SH","Value":[]}}""", """{"00080050":""}""")]
    [InlineData("""{"00080050":{"vr":"SH"}}""", """{"00080050":null}""")]
    [InlineData("""{"00080006":{"vr":"SQ","Value":[{"00080100":{"vr":"SH","Value":["T"]}}]}}""", null)]
    [InlineData("""{"00400275":{"vr":"SQ","Value":[{"00400007":{"vr":"LO","Value":["x"]}}]}}""", """{"00400275":[{"00400007":"x"}]}""")]
    [InlineData("""{"00291001":{"vr":"LO","Value":["x"]}}""", """{"00291001":"x","__vr_metadata__":{"00291001":"LO"}}""")]
    public void Flat_and_back(string dicom, string? flat)
    {
        var source = (JsonObject)JsonNode.Parse(dicom)!;
        var flattened = FlatDataSet.Flatten(source);
        if (flat is not null) Assert.Equal(flat, flattened.ToJsonString());
        Assert.Equal(dicom, FlatDataSet.Unflatten(flattened).ToJsonString());
    }

    /// <summary>What could be taken for something else stays as it is, so that the way back finds it.</summary>
    [Theory]
    [InlineData("""{"00080008":{"vr":"CS","Value":[null]}}""")]
    [InlineData("""{"00080008":{"vr":"CS","Value":[""]}}""")]
    [InlineData("""{"00080008":{"vr":"CS","Value":["ORIGINAL",null,"AXIAL"]}}""")]
    [InlineData("""{"00100010":{"vr":"PN","Value":[{"Alphabetic":"A^B","Ideographic":"山田"}]}}""")]
    [InlineData("""{"00100010":{"vr":"PN","Value":[{"Alphabetic":""}]}}""")]
    [InlineData("""{"00101001":{"vr":"PN","Value":[{"Alphabetic":"A"},{"Ideographic":"山"},null]}}""")]
    [InlineData("""{"7FE00010":{"vr":"OW","BulkDataURI":"http://x/y"}}""")]
    [InlineData("""{"00420011":{"vr":"OB","InlineBinary":"AAEC"}}""")]
    [InlineData("""{"00400275":{"vr":"SQ","Value":[]}}""")]
    [InlineData("""{"00400275":{"vr":"SQ","Value":[{},{"00400007":{"vr":"LO"}}]}}""")]
    [InlineData("""{"00280010":{"vr":"US","Value":[512]},"00281050":{"vr":"DS","Value":[40,1.5]}}""")]
    [InlineData("""{"00280106":{"vr":"SS","Value":[-5]}}""")]
    [InlineData("""{"00100020":{"vr":"UN","Value":["odd"]}}""")]
    public void Nothing_is_lost(string dicom)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(dicom), FlatDataSet.Unflatten(FlatDataSet.Flatten((JsonObject)JsonNode.Parse(dicom)!))));

    [Theory]
    [InlineData("""{"short":1,"a":null}""")]
    [InlineData("{}")]
    public void What_is_no_data_set_stays(string json) => Assert.Equal(json, FlatDataSet.Flatten((JsonObject)JsonNode.Parse(json)!).ToJsonString());
}
