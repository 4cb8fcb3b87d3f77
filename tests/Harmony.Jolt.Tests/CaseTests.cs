namespace Harmony.Jolt.Tests;

public class CaseTests
{
    public static TheoryData<string> Names => new(TransformCase.All().Select(c => c.ToString()));

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_Applied_GivesWhatItExpects(string name)
    {
        var found = TransformCase.All().Single(c => c.ToString() == name);
        var chain = JoltChain.Compile(found.Chain, name);

        var result = chain.Apply(found.Input, found.Context);

        Assert.Equal(found.ExpectedText, TransformCase.Text(result));
    }
}
