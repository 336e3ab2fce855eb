# ruff: noqa: E501 -- a source is read in one piece
"""An example of each kind of use that the kept table of renames puts right: rule, before, after."""

EXAMPLES: tuple[tuple[str, str, str], ...] = (
    (
        "python-collections-abc",
        "from collections import Mapping, OrderedDict\nisinstance({}, Mapping)",
        "from collections import OrderedDict\nfrom collections.abc import Mapping\nisinstance({}, Mapping)",
    ),
    (
        "python-collections-abc",
        "import collections\nisinstance({}, collections.Mapping)",
        "import collections\nimport collections.abc\nisinstance({}, collections.abc.Mapping)",
    ),
    (
        "python-collections-abc",
        "if True:\n    from collections import (Iterable as It,\n        Sized); x = 1",
        "if True:\n    from collections.abc import Iterable as It; from collections.abc import Sized; x = 1",
    ),
    ("python-time-clock", "import time\nt = time.clock()", "import time\nt = time.process_time()"),
    (
        "python-time-clock",
        "from time import clock\nclock()",
        "from time import process_time as clock\nclock()",
    ),
    (
        "python-base64-strings",
        "import base64\nbase64.encodestring(b'a')",
        "import base64\nbase64.encodebytes(b'a')",
    ),
    ("python-array-strings", "a.tostring()", "a.tobytes()"),
    ("python-thread-isalive", "worker.isAlive()", "worker.is_alive()"),
    ("python-imp-reload", "import imp\nimp.reload(m)", "import importlib as imp\nimp.reload(m)"),
    ("python-imp-reload", "from imp import reload", "from importlib import reload"),
    (
        "python-safeconfigparser",
        "import configparser as c\nc.SafeConfigParser()",
        "import configparser as c\nc.ConfigParser()",
    ),
    ("python-pipes-quote", "from pipes import quote", "from shlex import quote"),
    (
        "numpy-builtin-aliases",
        "import numpy as np\nx = np.zeros(3, dtype=np.float) # np.float",
        "import numpy as np\nx = np.zeros(3, dtype=float) # np.float",
    ),
    ("numpy-builtin-bool", "import numpy\nnumpy.bool(1)", "import numpy\nbool(1)"),
    ("numpy-2-names", "import numpy as np\nnp.float_(1)", "import numpy as np\nnp.float64(1)"),
    ("numpy-2-names", "import numpy as np\nx = -np.NINF", "import numpy as np\nx = -(-np.inf)"),
    (
        "numpy-2-names",
        "from numpy import NaN, array",
        "from numpy import array\nfrom numpy import nan as NaN",
    ),
    (
        "numpy-2-exceptions",
        "import numpy as np\ntry:\n    f()\nexcept np.AxisError:\n    pass",
        "import numpy as np\nimport numpy.exceptions\ntry:\n    f()\nexcept numpy.exceptions.AxisError:\n    pass",
    ),
    (
        "numpy-histogram-normed",
        "import numpy as np\nnp.histogram(x, 10, normed = True)",
        "import numpy as np\nnp.histogram(x, 10, density = True)",
    ),
    (
        "scipy-misc-special",
        "from scipy.misc import factorial",
        "from scipy.special import factorial",
    ),
    (
        "scipy-misc-special",
        "import scipy.misc\nx = scipy.misc.comb(3, 2)",
        "import scipy.misc\nimport scipy.special\nx = scipy.special.comb(3, 2)",
    ),
    (
        "scipy-misc-imread",
        "from scipy.misc import imread\na = imread('a.png')",
        "from imageio.v2 import imread\na = imread('a.png')",
    ),
    (
        "scipy-integrate-trapezoid",
        "from scipy.integrate import cumtrapz, quad",
        "from scipy.integrate import quad\nfrom scipy.integrate import cumulative_trapezoid as cumtrapz",
    ),
    (
        "scipy-integrate-simpson",
        "from scipy.integrate import simps\na = simps(y, x)\nb = simps(y, x=x)",
        "from scipy.integrate import simpson as simps\na = simps(y, x=x)\nb = simps(y, x=x)",
    ),
    (
        "scipy-signal-windows",
        "from scipy import signal\nw = signal.hann(5)",
        "from scipy import signal\nimport scipy.signal.windows\nw = scipy.signal.windows.hann(5)",
    ),
    (
        "pandas-append",
        "df = df.append({'a': 1}, ignore_index=True)",
        "df = df._append({'a': 1}, ignore_index=True)",
    ),
    ("pandas-iteritems", "for k, v in df.iteritems(): pass", "for k, v in df.items(): pass"),
    ("pandas-ix", "df.ix[df.a > 1, ['b', 'c']]", "df.loc[df.a > 1, ['b', 'c']]"),
    ("pandas-as-matrix", "df.as_matrix()", "df.to_numpy()"),
    (
        "pandas-testing",
        "import pandas.util.testing as pdt\npdt.assert_frame_equal(a, b)",
        "import pandas.testing as pdt\npdt.assert_frame_equal(a, b)",
    ),
    (
        "pandas-second-names",
        "import pandas as pd\nx = pd.np.zeros(3)",
        "import pandas as pd\nimport numpy\nx = numpy.zeros(3)",
    ),
    (
        "pandas-second-names",
        "import pandas as pd\nx = pd.datetime(2020, 1, 1)",
        "import pandas as pd\nimport datetime\nx = datetime.datetime(2020, 1, 1)",
    ),
    (
        "pandas-json-normalize",
        "from pandas.io.json import json_normalize",
        "from pandas import json_normalize",
    ),
    (
        "pandas-plotting",
        "from pandas.tools.plotting import scatter_matrix",
        "from pandas.plotting import scatter_matrix",
    ),
    (
        "pandas-read-csv-bad-lines",
        "import pandas as pd\npd.read_csv('a', error_bad_lines=False)",
        "import pandas as pd\npd.read_csv('a', on_bad_lines='skip')",
    ),
    (
        "pandas-line-terminator",
        "df.to_csv('a', line_terminator='')",
        "df.to_csv('a', lineterminator='')",
    ),
    (
        "pandas-sheet-name",
        "import pandas as pd\npd.read_excel('a', sheetname=0)",
        "import pandas as pd\npd.read_excel('a', sheet_name=0)",
    ),
    (
        "pandas-colwidth",
        "import pandas as pd\npd.set_option('display.max_colwidth', -1)",
        "import pandas as pd\npd.set_option('display.max_colwidth', None)",
    ),
    ("sklearn-externals-joblib", "from sklearn.externals import joblib", "import joblib"),
    (
        "sklearn-externals-joblib",
        "from sklearn.externals.joblib import dump as d",
        "from joblib import dump as d",
    ),
    (
        "sklearn-cross-validation",
        "from sklearn import cross_validation\ncross_validation.train_test_split(x)",
        "from sklearn import model_selection as cross_validation\ncross_validation.train_test_split(x)",
    ),
    (
        "sklearn-grid-search",
        "from sklearn.grid_search import GridSearchCV",
        "from sklearn.model_selection import GridSearchCV",
    ),
    (
        "sklearn-learning-curve",
        "from sklearn.learning_curve import validation_curve",
        "from sklearn.model_selection import validation_curve",
    ),
    (
        "sklearn-private-modules",
        "from sklearn.datasets.samples_generator import make_blobs",
        "from sklearn.datasets import make_blobs",
    ),
    (
        "sklearn-calinski-harabasz",
        "from sklearn import metrics\nmetrics.calinski_harabaz_score(x, y)",
        "from sklearn import metrics\nmetrics.calinski_harabasz_score(x, y)",
    ),
    (
        "sklearn-plot-functions",
        "from sklearn.metrics import plot_roc_curve\nplot_roc_curve(m, x, y)",
        "from sklearn.metrics import RocCurveDisplay\nplot_roc_curve = RocCurveDisplay.from_estimator\nplot_roc_curve(m, x, y)",
    ),
    ("sklearn-feature-names", "v.get_feature_names()", "v.get_feature_names_out().tolist()"),
    (
        "sklearn-onehot-sparse",
        "from sklearn.preprocessing import OneHotEncoder\nOneHotEncoder(sparse=False)",
        "from sklearn.preprocessing import OneHotEncoder\nOneHotEncoder(sparse_output=False)",
    ),
    (
        "matplotlib-seaborn-styles",
        "import matplotlib.pyplot as plt\nplt.style.use(['seaborn-white', 'ggplot'])",
        "import matplotlib.pyplot as plt\nplt.style.use(['seaborn-v0_8-white', 'ggplot'])",
    ),
    ("matplotlib-hist-normed", "ax.hist(x, normed=1)", "ax.hist(x, density=1)"),
    ("matplotlib-gca-projection", "fig.gca(projection='3d')", "fig.add_subplot(projection='3d')"),
    (
        "matplotlib-get-cmap",
        "import matplotlib.pyplot as plt\nplt.cm.get_cmap('jet', 3)",
        "import matplotlib.pyplot as plt\nplt.get_cmap('jet', 3)",
    ),
    (
        "matplotlib-normpdf",
        "import matplotlib.mlab as mlab\ny = mlab.normpdf(x, 0, 1)",
        "import matplotlib.mlab as mlab\nimport scipy.stats\ny = scipy.stats.norm.pdf(x, 0, 1)",
    ),
    ("matplotlib-facecolor", "ax.set_axis_bgcolor('w')", "ax.set_facecolor('w')"),
    (
        "seaborn-size",
        "import seaborn as sns\nsns.pairplot(d, size=2)",
        "import seaborn as sns\nsns.pairplot(d, height=2)",
    ),
    ("networkx-node", "G.node[1]['a']", "G.nodes[1]['a']"),
    ("h5py-value", "x = f['a'].value", "x = f['a'][()]"),
    (
        "gensim-word2vec",
        "from gensim.models import Word2Vec\nWord2Vec(s, size=9, iter=2)",
        "from gensim.models import Word2Vec\nWord2Vec(s, vector_size=9, iter=2)",
    ),
    (
        "skimage-measure-compare",
        "from skimage.measure import compare_psnr",
        "from skimage.metrics import peak_signal_noise_ratio as compare_psnr",
    ),
    (
        "pillow-antialias",
        "from PIL import Image\nim.resize((1, 1), Image.ANTIALIAS)",
        "from PIL import Image\nim.resize((1, 1), Image.LANCZOS)",
    ),
    (
        "ipython-display",
        "from IPython.core.display import display, HTML",
        "from IPython.core.display import HTML\nfrom IPython.display import display",
    ),
)
