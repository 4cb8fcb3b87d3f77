using Harmony.Dicom.Query;
using Harmony.Dicom.Web.Requests;

namespace Harmony.Dicom.Tests.Web;

public sealed class WebPathTests
{
    [Theory]
    [InlineData("", WebService.Capabilities, QueryLevel.Study)]
    [InlineData("/studies", WebService.Search, QueryLevel.Study)]
    [InlineData("/series", WebService.Search, QueryLevel.Series)]
    [InlineData("/instances", WebService.Search, QueryLevel.Image)]
    [InlineData("/studies/1.2", WebService.Retrieve, QueryLevel.Study)]
    [InlineData("/studies/1.2/metadata", WebService.Metadata, QueryLevel.Study)]
    [InlineData("/studies/1.2/series", WebService.Search, QueryLevel.Series)]
    [InlineData("/studies/1.2/instances", WebService.Search, QueryLevel.Image)]
    [InlineData("/studies/1.2/series/3/pixeldata", WebService.PixelData, QueryLevel.Series)]
    [InlineData("/studies/1.2/series/3/rendered", WebService.Rendered, QueryLevel.Series)]
    [InlineData("/studies/1.2/series/3/instances", WebService.Search, QueryLevel.Image)]
    [InlineData("/studies/1.2/series/3/instances/4", WebService.Retrieve, QueryLevel.Image)]
    [InlineData("/studies/1.2/series/3/instances/4/bulkdata", WebService.BulkData, QueryLevel.Image)]
    [InlineData("/studies/1.2/series/3/instances/4/thumbnail", WebService.Thumbnail, QueryLevel.Image)]
    public void Resources_are_told_by_their_paths(string path, WebService service, QueryLevel level)
    {
        Assert.True(WebPath.TryParse(path, out var resource, out _));
        Assert.Equal((service, level), (resource.Service, resource.Level));
        Assert.StartsWith(resource.EntityPath, path, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_and_values_are_read()
    {
        Assert.True(WebPath.TryParse("/studies/1/series/2/instances/3/frames/2,1,5", out var frames, out _));
        Assert.True(WebPath.TryParse("/studies/1/series/2/instances/3/frames/1%2C2/rendered", out var rendered, out _));
        Assert.True(WebPath.TryParse("/studies/1/series/2/instances/3/bulkdata/00880200/1/7FE00010", out var bulk, out _));

        Assert.Equal([2, 1, 5], frames.Frames);
        Assert.Equal(WebService.Rendered, rendered.Service);
        Assert.Equal([1, 2], rendered.Frames);
        Assert.Equal("00880200/1/7FE00010", bulk.BulkPath);
    }

    [Theory]
    [InlineData("/aets/PACS_A/studies")]
    [InlineData("/aets/PACS_A/rs/studies")]
    [InlineData("/aets/PACS%5FA/rs/studies")]
    public void A_path_may_begin_with_a_title(string path)
    {
        Assert.True(WebPath.TryParse(path, out var resource, out _));
        Assert.Equal("PACS_A", resource.AeTitle);
    }

    [Theory]
    [InlineData("/patients", null)]
    [InlineData("/studies/1/series/2/instances/3/nothing", null)]
    [InlineData("/studies/1/other", null)]
    [InlineData("/studies/..", "no UID")]
    [InlineData("/studies/1/series/abc/metadata", "no UID")]
    [InlineData("/studies/1/series/2/instances/3/frames/0", "numbers from 1")]
    [InlineData("/studies/1/series/2/instances/3/frames/1,x", "numbers from 1")]
    [InlineData("/aets/A_TITLE_THAT_IS_TOO_LONG/studies", "AE title")]
    public void What_is_none_is_said_to_be_none(string path, string? words)
    {
        Assert.False(WebPath.TryParse(path, out _, out var error));
        if (words is null) Assert.Null(error);
        else Assert.Contains(words, error, StringComparison.Ordinal);
    }
}
