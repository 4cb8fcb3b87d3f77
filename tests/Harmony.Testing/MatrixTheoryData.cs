namespace Harmony.Testing;

/// <summary>Every combination of the values of three parameters.</summary>
public sealed class MatrixTheoryData<T1, T2, T3> : TheoryData<T1, T2, T3>
{
    public MatrixTheoryData(IEnumerable<T1> first, IReadOnlyList<T2> second, IReadOnlyList<T3> third)
    {
        foreach (var one in first)
        {
            foreach (var two in second)
            {
                foreach (var three in third) Add(one, two, three);
            }
        }
    }
}
