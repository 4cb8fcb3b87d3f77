using Harmony.Core.Storage;

namespace Harmony.Core.Tests.Storage;

public class ObjectNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("P-1/1.2.840.10008/1.2.3~2.dcm")]
    [InlineData("山田/a b.json")]
    public void TryParse_RelativeName_IsOne(string text)
    {
        Assert.True(ObjectName.TryParse(text, out var name));
        Assert.Equal(text, name.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    [InlineData(".incoming/a")]
    [InlineData("a\\b")]
    [InlineData("c:a")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a.")]
    [InlineData("a ")]
    public void TryParse_NameThatMayLeadElsewhere_IsNone(string text) => Assert.False(ObjectName.TryParse(text, out _));

    [Fact]
    public void TryParse_TooMuch_IsNone()
    {
        Assert.False(ObjectName.TryParse(new string('a', ObjectName.MaxSegmentBytes + 1), out _));
        Assert.False(ObjectName.TryParse("a\uD800", out _));
        Assert.False(ObjectName.TryParse(string.Join('/', Enumerable.Repeat("a", ObjectName.MaxSegments + 1)), out _));
    }
}
