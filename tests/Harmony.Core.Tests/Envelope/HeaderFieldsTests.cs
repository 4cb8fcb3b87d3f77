using Harmony.Core.Envelope;

namespace Harmony.Core.Tests.Envelope;

public class HeaderFieldsTests
{
    [Fact]
    public void Add_SameNameTwice_KeepsBothInOrder()
    {
        var fields = Fields(("Set-Cookie", "a=1"), ("x", "y"), ("set-cookie", "b=2"));
        Assert.Equal(3, fields.Count);
        Assert.Equal(["a=1", "b=2"], fields.GetAll("SET-COOKIE"));
        Assert.Equal("a=1", fields["set-cookie"]);
        Assert.Equal("Set-Cookie", fields[0].Name);
    }

    [Fact]
    public void Set_NameOnSeveralLines_LeavesOneInTheFirstPlace()
    {
        var fields = Fields(("a", "1"), ("b", "2"), ("A", "3"), ("c", "4"), ("a", "5"));
        fields.Set("a", "6");
        Assert.Equal("a=6 b=2 c=4", Text(fields));
    }

    [Fact]
    public void Set_NewName_IsAppended()
    {
        var fields = Fields(("a", "1"));
        fields.Set("b", "2");
        Assert.Equal("a=1 b=2", Text(fields));
    }

    [Fact]
    public void Remove_NameOnSeveralLines_RemovesAll()
    {
        var fields = Fields(("a", "1"), ("b", "2"), ("A", "3"));
        Assert.True(fields.Remove("A"));
        Assert.False(fields.Remove("A"));
        Assert.Equal("b=2", Text(fields));
        Assert.False(fields.Contains("a"));
    }

    [Fact]
    public void Combined_OneLine_IsThatVeryString()
    {
        var value = new string('v', 3);
        Assert.Same(value, Fields(("a", value)).Combined("A"));
    }

    [Fact]
    public void Combined_SeveralLines_JoinsByComma() => Assert.Equal("1, 3", Fields(("a", "1"), ("b", "2"), ("A", "3")).Combined("a"));

    [Fact]
    public void Combined_NoLine_IsNull() => Assert.Null(Fields().Combined("a"));

    [Fact]
    public void Index_BehindTheLastLine_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => Fields(("a", "1"))[1]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public void Add_MoreThanTheCapacity_Grows(int capacity)
    {
        var fields = new HeaderFields(capacity);
        for (var i = 0; i < 40; i++) fields.Add($"n{i}", $"v{i}");
        Assert.Equal(40, fields.Count);
        Assert.Equal("v39", fields["N39"]);
        Assert.Equal(40, fields.AsSpan().Length);
    }

    internal static HeaderFields Fields(params (string Name, string Value)[] lines)
    {
        var fields = new HeaderFields();
        foreach (var (name, value) in lines) fields.Add(name, value);
        return fields;
    }

    private static string Text(HeaderFields fields) => string.Join(' ', fields.Select(f => $"{f.Name}={f.Value}"));
}
