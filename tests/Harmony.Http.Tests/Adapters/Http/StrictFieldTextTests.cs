using System.Text;
using Harmony.Http.Adapters.Http;

namespace Harmony.Http.Tests.Adapters.Http;

public class StrictFieldTextTests
{
    [Theory]
    [InlineData("Content-Length", "0", true)]
    [InlineData("Content-Length", "0042", true)]
    [InlineData("Content-Length", "+2", false)]
    [InlineData("Content-Length", " 2", false)]
    [InlineData("Content-Length", "000000000000000000002", false)]
    [InlineData("Connection", "close", true)]
    [InlineData("Connection", "close,TE", true)]
    [InlineData("Connection", "x-a, x-b", true)]
    [InlineData("Connection", "x-a, Close", false)]
    [InlineData("X-Other", "x-a, close", true)]
    public void Text_OfWhatMayBePassedOn_IsThat(string name, string value, bool isSound)
    {
        var octets = Encoding.Latin1.GetBytes(value);
        if (isSound) Assert.Equal(value, StrictFieldText.For(name).GetString(octets));
        else Assert.Throws<InvalidOperationException>(() => StrictFieldText.For(name).GetString(octets));
    }
}
